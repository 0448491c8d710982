using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Control;

/// <summary>A unicast layer. Defaults are the reference's; times are seconds.</summary>
/// <param name="Layer">Name of the layer.</param>
public sealed record UnicastOptions(string Layer) : LayerOptions(Layer)
{
    /// <summary>Bytes of an address.</summary>
    public byte AddressSize { get; init; } = 4;

    /// <summary>Bytes of an endpoint id.</summary>
    public byte EidSize { get; init; } = 8;

    /// <summary>Hops that a packet may take.</summary>
    public byte MaxTtl { get; init; } = 60;

    /// <summary>Routing.</summary>
    public RoutingPolicy Routing { get; init; } = RoutingPolicy.LinkState;

    /// <summary>Between two computations of the forwarding table, seconds.</summary>
    public uint LinkStateRecalculate { get; init; } = 4;

    /// <summary>Between two announcements of a link, seconds.</summary>
    public uint LinkStateUpdate { get; init; } = 15;

    /// <summary>Without news of a link until it counts as gone, seconds.</summary>
    public uint LinkStateTimeout { get; init; } = 60;

    /// <summary>Congestion avoidance.</summary>
    public CongestionPolicy Congestion { get; init; } = CongestionPolicy.MbEcn;

    /// <summary>Parallel searches of the DHT, 1 to 10.</summary>
    public uint DhtAlpha { get; init; } = 3;

    /// <summary>Copies of a value in the DHT, 1 to 20.</summary>
    public uint DhtK { get; init; } = 8;

    /// <summary>Life of a value, 10 to 86400 seconds.</summary>
    public uint DhtExpire { get; init; } = 86400;

    /// <summary>Between two checks of a contact, 3 to 3600 seconds.</summary>
    public uint DhtRefresh { get; init; } = 900;

    /// <summary>Between two replications of a value, 3 to 3600 seconds.</summary>
    public uint DhtReplicate { get; init; } = 900;

    /// <inheritdoc/>
    public override IpcpType Type => IpcpType.Unicast;
}
