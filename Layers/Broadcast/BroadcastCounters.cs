namespace Ouroboros.Layers.Broadcast;

/// <summary>What a member has passed on and what not. Written by any thread, read by any thread.</summary>
public sealed class BroadcastCounters
{
    private readonly long[] _drops = new long[Enum.GetValues<BroadcastDrop>().Length];
    private long _received;
    private long _sent;
    private long _loops;

    /// <summary>Packets that came in, keep-alives apart.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Copies that went out.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Times that a loop was found.</summary>
    public long Loops => Volatile.Read(ref _loops);

    /// <summary>Dropped for a reason.</summary>
    public long this[BroadcastDrop reason] => Volatile.Read(ref _drops[(int)reason]);

    internal void NoteReceived() => Interlocked.Increment(ref _received);

    internal void NoteSent() => Interlocked.Increment(ref _sent);

    internal void NoteLoop() => Interlocked.Increment(ref _loops);

    internal void Note(BroadcastDrop reason) => Interlocked.Increment(ref _drops[(int)reason]);
}
