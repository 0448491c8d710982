namespace Ouroboros.Runtime.Security;

/// <summary>Bounds of handshakes, under <c>ouroboros.security</c> in HOCON.</summary>
public sealed record SecuritySettings
{
    /// <summary>How long one side may take over its part of a handshake, waiting for a free thread included.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Handshakes with keys or certificates that may be under way at once, of those served; and as many of those begun.</summary>
    public int MaxHandshakes { get; init; } = 4096;

    /// <summary>Handshakes with keys or certificates a second that layers may bring.</summary>
    public int HandshakeRate { get; init; } = 2048;

    /// <summary>How many of them at once.</summary>
    public int HandshakeBurst { get; init; } = 4096;

    /// <summary>Threads for handshakes; 0 = one for each processor. Those that are stuck are replaced, up to <see cref="MaxThreads"/>.</summary>
    public int Threads { get; init; }

    /// <summary>Threads for handshakes, those that are stuck included.</summary>
    public int MaxThreads { get; init; } = 64;

    /// <summary>Requests from layers that may wait for an acceptor of one name.</summary>
    public int MaxWaiting { get; init; } = 4096;

    /// <summary>
    /// Bytes of OpenSSL's secure heap for private keys, at least; 0 = none is made. There is one in a process: the first runtime in it makes it.
    /// </summary>
    public long SecureHeap { get; init; } = 4 << 20;

    /// <summary>Whether all memory of the process is locked, so that none of it is ever in swap space; see <see cref="Crypto.Secrets.ProcessMemory"/>.</summary>
    public bool LockMemory { get; init; }
}
