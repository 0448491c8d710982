using System.Collections.Concurrent;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// The flows of a member by our endpoint id: written by the flow allocator, looked up for each packet by any thread without a lock. It outlives the
/// flow allocator's actor, which leaves it empty.
/// </summary>
public sealed class UnicastFlowTable : IFlowDelivery
{
    private readonly ConcurrentDictionary<ulong, UnicastFlow> _flows = new();

    /// <summary>Flows that are pending, open or lingering.</summary>
    public int Count => _flows.Count;

    /// <summary>The flows themselves.</summary>
    public ICollection<UnicastFlow> Flows => _flows.Values;

    /// <summary>The flow with this endpoint id; null when there is none. For any id from the wire.</summary>
    public UnicastFlow? Find(ulong eid) => _flows.TryGetValue(eid, out var flow) ? flow : null;

    /// <inheritdoc/>
    public DataTransferDrop Deliver(ulong eid, byte ecn, Packet payload) =>
        _flows.TryGetValue(eid, out var flow) ? flow.Deliver(ecn, payload) : DataTransferDrop.UnknownEid;

    /// <summary>Adds a flow; false when its endpoint id is taken.</summary>
    internal bool TryAdd(UnicastFlow flow) => _flows.TryAdd(flow.Eid, flow);

    /// <summary>Takes a flow out.</summary>
    internal void Remove(UnicastFlow flow) => _flows.TryRemove(new KeyValuePair<ulong, UnicastFlow>(flow.Eid, flow));
}
