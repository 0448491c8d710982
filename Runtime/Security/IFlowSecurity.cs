using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Security;

/// <summary>
/// The handshake that goes with a flow allocation: bytes from the client, bytes back. A refusal is an exception with
/// <see cref="FlowError.CryptoFailed"/> or <see cref="FlowError.AuthenticationFailed"/>, which reaches both ends. Whatever is not light runs on
/// threads of its own, any number at once.
/// </summary>
public interface IFlowSecurity
{
    /// <summary>Whether a side of a name has no security configured. Cheap: it is asked for every flow.</summary>
    bool IsPlain(NameInfo name, FlowSide side);

    /// <summary>Begins a handshake where that takes no key and no certificate, and so hardly any time; null = it does, see <see cref="Begin"/>.</summary>
    IClientHandshake? TryBeginLight(NameInfo name);

    /// <summary>Begins a handshake for an allocation to a name.</summary>
    /// <exception cref="FlowException">The name's configuration does not allow a request: <see cref="FlowError.BadDescriptor"/>.</exception>
    IClientHandshake Begin(NameInfo name);

    /// <summary>Serves a request where that takes no key, no certificate and no file; null = it does, see <see cref="Serve"/>.</summary>
    /// <exception cref="FlowException">The server refuses.</exception>
    FlowProtection? TryServeLight(NameInfo name, ReadOnlyMemory<byte> request);

    /// <summary>The server's half: checks a request and answers it.</summary>
    /// <exception cref="FlowException">The server refuses.</exception>
    FlowProtection Serve(NameInfo name, ReadOnlyMemory<byte> request);
}
