using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>Messages by the millisecond in which they arrive: a ring of lists, so that putting in and taking out cost the same however many wait. First in, first out.</summary>
internal sealed class MessageWheel
{
    /// <summary>Milliseconds that the ring covers: more than any latency.</summary>
    public const int Horizon = 1 << 12;

    private readonly int[] _first = new int[Horizon];
    private readonly int[] _last = new int[Horizon];

    public MessageWheel(int contactsEach)
    {
        Messages = new MessageSlab(contactsEach);
        _first.AsSpan().Fill(-1);
    }

    public MessageSlab Messages { get; }

    /// <summary>Puts a message in.</summary>
    public void Put(in DhtMessage message, ulong target, long at)
    {
        var index = Messages.Add(message, target, at);
        var slot = (int)(at & (Horizon - 1));
        Messages[index].Next = -1;
        if (_first[slot] < 0) _first[slot] = index;
        else Messages[_last[slot]].Next = index;
        _last[slot] = index;
    }

    /// <summary>Takes all of a millisecond: the first of a list; -1 when there is nothing.</summary>
    public int Take(long now)
    {
        var slot = (int)(now & (Horizon - 1));
        var first = _first[slot];
        _first[slot] = -1;
        return first;
    }
}
