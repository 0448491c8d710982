namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Nodes by the millisecond in which they want to be called: a ring of lists. What lies past the horizon is put at the horizon, and whoever wanted it
/// is asked again there.
/// </summary>
internal sealed class CallWheel
{
    /// <summary>Milliseconds that the ring covers.</summary>
    public const int Horizon = 1 << 16;

    private readonly int[] _first = new int[Horizon];
    private (int Place, int Next)[] _calls = new (int, int)[1 << 10];
    private int _free = -1;
    private int _used;

    public CallWheel() => _first.AsSpan().Fill(-1);

    /// <summary>The node of an element, and the next of the list.</summary>
    public (int Place, int Next) this[int index] => _calls[index];

    /// <summary>Puts a node in at a time after now and before the horizon.</summary>
    public void Put(int place, long at)
    {
        var index = _free;
        if (index >= 0)
        {
            _free = _calls[index].Next;
        }
        else
        {
            if (_used == _calls.Length) Array.Resize(ref _calls, _used * 2);
            index = _used++;
        }
        ref var first = ref _first[at & (Horizon - 1)];
        _calls[index] = (place, first);
        first = index;
    }

    /// <summary>Takes all of a millisecond: the first of a list; -1 when there is nothing.</summary>
    public int Take(long now)
    {
        ref var first = ref _first[now & (Horizon - 1)];
        var taken = first;
        first = -1;
        return taken;
    }

    /// <summary>The node of an element, which is given back, and the next of the list.</summary>
    public (int Place, int Next) Pass(int index)
    {
        var call = _calls[index];
        _calls[index].Next = _free;
        _free = index;
        return call;
    }
}
