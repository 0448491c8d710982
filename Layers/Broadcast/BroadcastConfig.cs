using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;

namespace Ouroboros.Layers.Broadcast;

/// <summary>A broadcast layer: its name is the group's. The hash is SHA3-256, whatever is asked for (routing-and-broadcast.md B2).</summary>
/// <param name="Layer">The layer.</param>
public sealed record BroadcastConfig(LayerInfo Layer) : IpcpConfig(Layer)
{
    /// <summary>Longest packet that a reference member passes on as it is, bytes: longer ones it cuts, and exactly 1400 hold up those behind.</summary>
    public const int DefaultMaxPacketSize = 1399;

    /// <inheritdoc/>
    public override IpcpType Type => IpcpType.Broadcast;

    /// <summary>Longest packet that applications here may send, bytes; this member's own limit.</summary>
    public int MaxPacketSize { get; init; } = DefaultMaxPacketSize;

    /// <summary>Whether packets that go round are looked for, and stopped.</summary>
    public bool LoopGuard { get; init; } = true;

    /// <summary>How long a neighbour of ours may be silent until it counts as gone; 0 = for ever, as neighbours of the reference.</summary>
    public TimeSpan PeerTimeout { get; init; } = ConnectionSettings.DefaultPeerTimeout;

    /// <inheritdoc/>
    public override IpcpConfig WithOwnOf(IpcpConfig? other) => other is BroadcastConfig own ? own with { Layer = Layer } : this;
}
