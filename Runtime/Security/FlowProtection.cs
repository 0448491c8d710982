using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;

namespace Ouroboros.Runtime.Security;

/// <summary>What a handshake ended with for one end of a flow. Owns the cipher, with its keys, until <see cref="TakeCipher"/>.</summary>
public sealed class FlowProtection : IDisposable
{
    private IPacketCipher? _cipher;

    /// <summary>Makes it.</summary>
    /// <param name="cipher">The cipher of this end; null = packets are in clear.</param>
    public FlowProtection(IPacketCipher? cipher = null) => _cipher = cipher;

    /// <summary>In clear, with a peer who has not said who it is.</summary>
    public static FlowProtection None { get; } = new();

    /// <summary>Server: the bytes for the client.</summary>
    public ReadOnlyMemory<byte> Response { get; init; }

    /// <summary>What packets are encrypted with.</summary>
    public CipherAlgorithm Algorithm { get; init; }

    /// <summary>Name in the peer's certificate, which was checked; null = the peer has not said who it is.</summary>
    public string? Peer { get; init; }

    /// <summary>Takes the cipher; null when there is none, or it was taken before. The caller owns it.</summary>
    public IPacketCipher? TakeCipher() => Interlocked.Exchange(ref _cipher, null);

    /// <summary>Wipes the keys if nobody took the cipher.</summary>
    public void Dispose() => TakeCipher()?.Dispose();

    /// <summary>Its algorithm and peer, no keys.</summary>
    public override string ToString() => $"{Algorithm.Name()}, peer {Peer ?? "not authenticated"}";
}
