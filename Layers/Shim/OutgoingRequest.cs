using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>A flow request that we sent.</summary>
internal sealed class OutgoingRequest
{
    /// <summary>The name asked for.</summary>
    public required NameHash Hash { get; init; }

    /// <summary>Whom we asked.</summary>
    public required LinkAddress Destination { get; init; }

    /// <summary>The message, to repeat it.</summary>
    public required byte[] Message { get; init; }

    /// <summary>The id of the handshake, by which a reply is recognised; empty when there is no handshake.</summary>
    public required HandshakeId Id { get; init; }

    /// <summary>When it was sent first.</summary>
    public required TimeSpan SentAt { get; init; }

    /// <summary>When it is over.</summary>
    public required TimeSpan ExpiresAt { get; init; }

    /// <summary>When it is repeated; <see cref="TimeSpan.MaxValue"/> for peers that must not get it twice.</summary>
    public required TimeSpan RepeatAt { get; set; }

    /// <summary>How long after that it is repeated again.</summary>
    public required TimeSpan RepeatAfter { get; set; }
}
