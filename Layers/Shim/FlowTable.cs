namespace Ouroboros.Layers.Shim;

/// <summary>
/// The flows of a shim layer by our endpoint id. Ids are random within what the family allows and rest for a quiet time before they are used
/// again, so that late packets of an old flow do not land in a new one. <see cref="Find"/> is safe from any thread and takes no lock; all
/// else is for one thread.
/// </summary>
public sealed class FlowTable
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;
    private const int SlotMask = 0xFFFF;
    private const int RandomTries = 64;

    private readonly uint _first;
    private readonly uint _last;
    private readonly int _capacity;
    private readonly TimeSpan _quiet;
    private readonly Random _random;
    private readonly ShimFlow?[]?[] _pages = new ShimFlow?[]?[PageSize];
    private readonly Queue<(int Slot, TimeSpan Until)> _resting = new();
    private readonly HashSet<int> _restingSlots = [];
    private readonly Dictionary<int, ShimFlow> _byFlowId = [];

    /// <summary>An empty table.</summary>
    /// <param name="first">Smallest id.</param>
    /// <param name="last">Largest id.</param>
    /// <param name="capacity">Flows at once.</param>
    /// <param name="quiet">How long an id rests.</param>
    /// <param name="random">Where ids come from.</param>
    public FlowTable(uint first, uint last, int capacity, TimeSpan quiet, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, last);
        _first = first;
        _last = last;
        _capacity = (int)Math.Min(Math.Min((uint)capacity, SlotMask), (ulong)last - first + 1);
        _quiet = quiet;
        _random = random;
    }

    /// <summary>Flows in the table.</summary>
    public int Count => _byFlowId.Count;

    /// <summary>Flows that it can have at once.</summary>
    public int Capacity => _capacity;

    /// <summary>All flows.</summary>
    public IReadOnlyCollection<ShimFlow> Flows => _byFlowId.Values;

    /// <summary>The flow with this endpoint id; null when there is none. For any id from the wire.</summary>
    public ShimFlow? Find(uint eid)
    {
        var page = Volatile.Read(ref _pages[(eid >> PageBits) & (PageSize - 1)]);
        if (page is null) return null;
        var flow = Volatile.Read(ref page[eid & (PageSize - 1)]);
        return flow is not null && flow.Eid == eid ? flow : null;
    }

    /// <summary>The flow with this number of the runtime.</summary>
    public ShimFlow? FindFlow(int flowId) => _byFlowId.GetValueOrDefault(flowId);

    /// <summary>Finds a free endpoint id.</summary>
    /// <returns>false when all are in use or resting.</returns>
    public bool TryChoose(TimeSpan now, out uint eid)
    {
        while (_resting.TryPeek(out var oldest) && oldest.Until <= now)
        {
            _resting.Dequeue();
            _restingSlots.Remove(oldest.Slot);
        }
        eid = 0;
        if (Count >= _capacity) return false;
        var range = (ulong)_last - _first + 1;
        for (var i = 0; i < RandomTries; i++)
        {
            eid = (uint)(_first + (ulong)_random.NextInt64((long)range));
            if (IsFree(eid)) return true;
        }
        // Nearly full: look at all, from anywhere.
        var span = (uint)Math.Min(range, SlotMask + 1);
        var start = (uint)_random.NextInt64(span);
        for (uint i = 0; i < span; i++)
        {
            eid = _first + ((start + i) % span);
            if (IsFree(eid)) return true;
        }
        return false;
    }

    /// <summary>Adds a flow with an id from <see cref="TryChoose"/>.</summary>
    public void Add(ShimFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ref var page = ref _pages[(flow.Eid >> PageBits) & (PageSize - 1)];
        if (page is null) Volatile.Write(ref page, new ShimFlow?[PageSize]);
        _byFlowId[flow.FlowId] = flow;
        Volatile.Write(ref page![flow.Eid & (PageSize - 1)], flow);
    }

    /// <summary>Takes a flow out; its id rests.</summary>
    public void Remove(ShimFlow flow, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (Find(flow.Eid) != flow) return;
        Volatile.Write(ref _pages[(flow.Eid >> PageBits) & (PageSize - 1)]![flow.Eid & (PageSize - 1)], null);
        if (_byFlowId.TryGetValue(flow.FlowId, out var same) && same == flow) _byFlowId.Remove(flow.FlowId);
        var slot = (int)(flow.Eid & SlotMask);
        _resting.Enqueue((slot, now + _quiet));
        _restingSlots.Add(slot);
    }

    private bool IsFree(uint eid)
    {
        if (_restingSlots.Contains((int)(eid & SlotMask))) return false;
        var page = _pages[(eid >> PageBits) & (PageSize - 1)];
        return page is null || page[eid & (PageSize - 1)] is null;
    }
}
