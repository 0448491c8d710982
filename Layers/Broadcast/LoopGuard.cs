using System.IO.Hashing;

namespace Ouroboros.Layers.Broadcast;

/// <summary>
/// Finds packets that go round. Nothing in them says where they come from or how far they went, so what is remembered is a fingerprint of each packet
/// and the flow that it came by first: in a tree the same bytes come by another flow only when somebody else sent them, in a loop they do so again
/// and again. Many times in a short while is a loop, and for a while after that one time is. A fixed table of single words that threads exchange: what
/// two of them do to one word at once costs a count, never a wrong bit.
/// </summary>
/// <remarks>A word: <c>[time 20 | fingerprint 28 | flow 12 | returns 4]</c>; time in milliseconds, wrapping round.</remarks>
internal sealed class LoopGuard(TimeProvider time)
{
    /// <summary>The same bytes by another flow so many times within <see cref="Window"/> are a loop.</summary>
    public const int Threshold = 12;

    /// <summary>How long the first time counts, milliseconds: longer than the packet lives in any layer below, and twelve times round.</summary>
    public const int Window = 1000;

    /// <summary>How long after the last packet that went round one return is enough, milliseconds.</summary>
    public const int Memory = 10_000;

    private const int Slots = 4096;
    private const int TimeBits = 20;
    private const int TagBits = 28;
    private const int PortBits = 12;
    private const int CountBits = 4;
    private const ulong MaxCount = (1UL << CountBits) - 1;
    private const ulong PortMask = (1UL << PortBits) - 1;
    private const ulong TagMask = (1UL << TagBits) - 1;

    private readonly ulong[] _table = new ulong[Slots];
    private readonly long _start = time.GetTimestamp();
    private long _loopUntil;

    /// <summary>Whether the members are in a loop, as far as was seen lately.</summary>
    public bool IsLooping => Now < Volatile.Read(ref _loopUntil);

    private long Now => (long)time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Notes a packet of an application here, which has been nowhere yet.</summary>
    public void Note(int port, ReadOnlySpan<byte> payload)
    {
        ref var slot = ref Find(payload, Now, out var tag, out var isKnown);
        if (!isKnown) Volatile.Write(ref slot, Word(Now, tag, PortOf(port), 0));
    }

    /// <summary>Looks at a packet that came from a member.</summary>
    /// <param name="port">Number of the flow.</param>
    /// <param name="payload">The packet.</param>
    /// <param name="found">Whether this packet shows a loop that was not known.</param>
    /// <returns>true when it is to go no further.</returns>
    public bool Suppresses(int port, ReadOnlySpan<byte> payload, out bool found)
    {
        found = false;
        var now = Now;
        ref var slot = ref Find(payload, now, out var tag, out var isKnown);
        if (!isKnown)
        {
            Volatile.Write(ref slot, Word(now, tag, PortOf(port), 0));
            return false;
        }
        var before = Volatile.Read(ref slot);
        var count = before & MaxCount;
        var looping = now < Volatile.Read(ref _loopUntil);
        // By the same flow again: the sender said the same again, or it is on its next round.
        if (((before >> CountBits) & PortMask) == PortOf(port)) return count > 0 && looping;
        count = Math.Min(count + 1, MaxCount);
        Volatile.Write(ref slot, (before & ~MaxCount) | count);
        if (!looping && count < Threshold) return false;
        // Whoever moves it from the past has found it.
        found = Interlocked.Exchange(ref _loopUntil, now + Memory) <= now;
        return true;
    }

    private static ulong PortOf(int port) => (ulong)(uint)port & PortMask;

    private static ulong Word(long now, ulong tag, ulong port, ulong count) =>
        (((ulong)now & ((1UL << TimeBits) - 1)) << (64 - TimeBits)) | (tag << (PortBits + CountBits)) | (port << CountBits) | count;

    private ref ulong Find(ReadOnlySpan<byte> payload, long now, out ulong tag, out bool isKnown)
    {
        var hash = XxHash3.HashToUInt64(payload, payload.Length);
        ref var slot = ref _table[(int)(hash % Slots)];
        tag = hash >> (64 - TagBits);
        var word = Volatile.Read(ref slot);
        isKnown = word != 0 && ((word >> (PortBits + CountBits)) & TagMask) == tag && Since(word, now) <= Window;
        return ref slot;
    }

    private static long Since(ulong word, long now) => (now - (long)(word >> (64 - TimeBits))) & ((1L << TimeBits) - 1);
}
