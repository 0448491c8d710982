using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// Follows what the paths to the peers of flows take in one piece: asks when a flow opens, and again every second, more seldom where there are very
/// many peers. Asking costs a few system calls a peer. The endpoints of flows whose path has changed are told.
/// </summary>
/// <param name="ask">The largest payload to a peer, bytes; <see cref="int.MaxValue"/> when nothing is known.</param>
internal sealed class PathWatch(Func<LinkAddress, int> ask)
{
    /// <summary>Between two looks, as long as there are no more than <see cref="PeersPerLook"/> peers.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Peers that are asked about in an interval; with more it is as many times as long.</summary>
    public const int PeersPerLook = 256;

    private Dictionary<LinkAddress, int> _known = [];

    /// <summary>When <see cref="Tick"/> is to be called, if there are flows.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>Peers whose path is known.</summary>
    public int Peers => _known.Count;

    /// <summary>A flow has opened.</summary>
    public void Follow(ShimFlow flow, TimeSpan now)
    {
        if (flow.Route is not { } route) return;
        if (_known.Count == 0) Deadline = now + Interval;
        flow.PathPayload = Ask(_known, route.Peer);
    }

    /// <summary>Looks again, if it is time to.</summary>
    public void Tick(IEnumerable<ShimFlow> flows, TimeSpan now)
    {
        if (now < Deadline) return;
        var known = new Dictionary<LinkAddress, int>();
        foreach (var flow in flows)
        {
            if (flow.Route is not { } route) continue;
            var payload = Ask(known, route.Peer);
            if (payload == flow.PathPayload) continue;
            flow.PathPayload = payload;
            flow.Endpoint.OnPathChanged();
        }
        _known = known;
        Deadline = now + (Interval * Math.Max(1, (known.Count + PeersPerLook - 1) / PeersPerLook));
    }

    private int Ask(Dictionary<LinkAddress, int> known, LinkAddress peer)
    {
        if (!known.TryGetValue(peer, out var payload)) known[peer] = payload = ask(peer);
        return payload;
    }
}
