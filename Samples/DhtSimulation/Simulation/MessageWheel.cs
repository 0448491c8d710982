using System.Numerics;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Messages by the millisecond in which they arrive: a ring of lists, so that putting in and taking out cost the same however many wait. One thread puts in while another takes
/// out what arrives before anything that is sent at that time.
/// </summary>
internal sealed class MessageWheel
{
    private readonly (MessageChunk? First, MessageChunk? Last)[] _lists;

    /// <param name="horizon">Milliseconds that the ring covers at least: more than the longest latency and a window.</param>
    public MessageWheel(int horizon) => _lists = new (MessageChunk?, MessageChunk?)[BitOperations.RoundUpToPowerOf2((uint)horizon)];

    /// <summary>Puts a message in.</summary>
    /// <param name="message">Which.</param>
    /// <param name="target">Whose it is.</param>
    /// <param name="at">When it arrives, milliseconds.</param>
    /// <param name="pool">Of the thread that puts in.</param>
    public void Put(in DhtMessage message, ulong target, long at, MessagePool pool)
    {
        ref var list = ref _lists[at & (_lists.Length - 1)];
        if (list.Last is { } last && last.TryAdd(message, target)) return;
        var chunk = pool.Rent();
        chunk.TryAdd(message, target);
        if (list.Last is null) list.First = chunk;
        else list.Last.Next = chunk;
        list.Last = chunk;
    }

    /// <summary>Takes all that arrives in a millisecond: the first of a list; null when there is nothing.</summary>
    public MessageChunk? Take(long at)
    {
        ref var list = ref _lists[at & (_lists.Length - 1)];
        var first = list.First;
        if (first is not null) list = default;
        return first;
    }
}
