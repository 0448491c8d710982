using System.Numerics;

namespace Ouroboros.Samples.Oping;

/// <summary>
/// When each of the last requests was sent and whether it was answered. Fixed in size, so that an endless ping does not grow; what falls
/// out of it counts as lost. One thread may note requests while another takes replies.
/// </summary>
internal sealed class SentTable
{
    /// <summary>Requests under way that it tells apart: more than a path holds, 1 MiB of memory.</summary>
    private const int MaxSlots = 65536;

    private readonly long[] _sentAt;
    private readonly long[] _state;

    /// <param name="count">Requests that will be sent in all.</param>
    public SentTable(int count)
    {
        var slots = count >= MaxSlots ? MaxSlots : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1));
        _sentAt = new long[slots];
        _state = new long[slots];
    }

    /// <summary>Notes a request, before it is written: the reply may be faster than the return of the call.</summary>
    public void Note(uint id, long timestamp)
    {
        var slot = id & (_state.Length - 1);
        _sentAt[slot] = timestamp;
        Volatile.Write(ref _state[slot], Waiting(id));
    }

    /// <summary>Takes the reply to a request.</summary>
    public ReplyKind Take(uint id, out long sentAt)
    {
        var slot = id & (_state.Length - 1);
        sentAt = 0;
        var before = Volatile.Read(ref _state[slot]);
        if (before == Answered(id)) return ReplyKind.Duplicate;
        if (before != Waiting(id)) return ReplyKind.InvalidId;
        sentAt = _sentAt[slot];
        return Interlocked.CompareExchange(ref _state[slot], Answered(id), before) == before ? ReplyKind.Reply : ReplyKind.InvalidId;
    }

    // 0 is a slot that was never used.
    private static long Waiting(uint id) => ((long)id * 2) + 1;

    private static long Answered(uint id) => ((long)id * 2) + 2;
}
