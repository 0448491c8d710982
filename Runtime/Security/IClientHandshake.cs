namespace Ouroboros.Runtime.Security;

/// <summary>The client's half of one handshake. Owns what it needs to check the answer, until it is disposed. One thread at a time.</summary>
public interface IClientHandshake : IDisposable
{
    /// <summary>The bytes for the server.</summary>
    ReadOnlyMemory<byte> Request { get; }

    /// <summary>Whether the flow can turn out to be encrypted: then what arrives has to be held back until the answer has been read.</summary>
    bool MayEncrypt { get; }

    /// <summary>Whether <see cref="Complete"/> of this answer takes no key and no certificate, and so hardly any time.</summary>
    bool IsLight(ReadOnlyMemory<byte> response);

    /// <summary>Checks the server's answer.</summary>
    /// <exception cref="FlowException">The client refuses: <see cref="FlowError.CryptoFailed"/>.</exception>
    FlowProtection Complete(ReadOnlyMemory<byte> response);
}
