using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>What a device carried and dropped. Written by any thread, read by any thread at any time.</summary>
public sealed class LinkCounters
{
    private readonly long[] _drops = new long[Enum.GetValues<LinkDrop>().Length];
    private long _received;
    private long _receivedBytes;
    private long _sent;
    private long _sentBytes;

    /// <summary>Frames handed to the receiver.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes in them, link header included.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Frames handed to the system.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Bytes in them, link header included.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>Frames dropped for a reason.</summary>
    public long Dropped(LinkDrop reason) => Volatile.Read(ref _drops[(int)reason]);

    /// <summary>Counts dropped frames.</summary>
    public void NoteDrop(LinkDrop reason, long count = 1) => Interlocked.Add(ref _drops[(int)reason], count);

    /// <summary>Drops and counts frames that a device was given.</summary>
    /// <returns>How many there were: to whoever sent them they are gone.</returns>
    public int Drop(ReadOnlySpan<Packet> frames, LinkDrop reason)
    {
        NoteDrop(reason, frames.Length);
        foreach (var frame in frames) frame.Dispose();
        return frames.Length;
    }

    /// <summary>Counts a batch that was handed to the receiver.</summary>
    public void NoteReceived(int frames, long bytes)
    {
        Interlocked.Add(ref _received, frames);
        Interlocked.Add(ref _receivedBytes, bytes);
    }

    /// <summary>Counts a batch that was handed to the system.</summary>
    public void NoteSent(int frames, long bytes)
    {
        Interlocked.Add(ref _sent, frames);
        Interlocked.Add(ref _sentBytes, bytes);
    }
}
