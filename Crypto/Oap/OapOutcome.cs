using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Oap;

/// <summary>How a handshake ended for one side. Owns the session key until <see cref="TakeKey"/>.</summary>
public sealed class OapOutcome : IDisposable
{
    private SecretBuffer? _key;

    private OapOutcome(FlowError error, OapFailure failure, string detail)
    {
        Error = error;
        Failure = failure;
        Detail = detail;
    }

    /// <summary><see cref="FlowError.None"/>, <see cref="FlowError.CryptoFailed"/> or <see cref="FlowError.AuthenticationFailed"/>.</summary>
    public FlowError Error { get; }

    /// <summary>Why it was refused.</summary>
    public OapFailure Failure { get; }

    /// <summary>Why, in words, for logs and messages; no secret in it.</summary>
    public string Detail { get; }

    /// <summary>Server: what goes back to the client; empty if refused.</summary>
    public ReadOnlyMemory<byte> Response { get; private init; }

    /// <summary>Cipher of the flow's packets.</summary>
    public CipherAlgorithm Cipher { get; private init; }

    /// <summary>CN of the peer's certificate, which was checked; null = the peer did not authenticate itself.</summary>
    public string? Peer { get; private init; }

    /// <summary>Data of the peer's application.</summary>
    public ReadOnlyMemory<byte> Data { get; private init; }

    /// <summary>Takes the session key, 32 bytes; null when packets are not encrypted, or it was taken before. The caller owns it.</summary>
    public SecretBuffer? TakeKey() => Interlocked.Exchange(ref _key, null);

    /// <summary>Wipes the key if nobody took it.</summary>
    public void Dispose() => TakeKey()?.Dispose();

    /// <summary>Its result, no keys.</summary>
    public override string ToString() => Error == FlowError.None ? $"agreed, {Cipher.Name()}, peer {Peer ?? "not authenticated"}" : $"{Error}: {Detail}";

    internal static OapOutcome Refused(FlowError error, OapFailure failure, string detail) => new(error, failure, detail);

    internal static OapOutcome Agreed(byte[] response, CipherAlgorithm cipher, SecretBuffer? key, string? peer, byte[] data) =>
        new(FlowError.None, OapFailure.None, "") { Response = response, Cipher = cipher, _key = key, Peer = peer, Data = data };
}
