using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Broadcast;

/// <summary>What a member has passed on, and by reason what not.</summary>
public sealed class BroadcastCounters : ReasonCounters<BroadcastDrop>
{
    private long _received;
    private long _sent;
    private long _loops;

    /// <summary>Packets that came in, keep-alives apart.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Copies that went out.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Times that a loop was found.</summary>
    public long Loops => Volatile.Read(ref _loops);

    internal void NoteReceived() => Interlocked.Increment(ref _received);

    internal void NoteSent() => Interlocked.Increment(ref _sent);

    internal void NoteLoop() => Interlocked.Increment(ref _loops);
}
