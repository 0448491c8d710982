using Ouroboros.Layers.Unicast.Directory;

namespace Ouroboros.Samples.DhtSimulation.Live;

/// <summary>Carries messages of directory actors straight into each other's inboxes, as bytes. Addresses are 1 and up, in the order of joining.</summary>
internal sealed class LiveCarrier(DirectoryInbox[] inboxes) : IDirectoryCarrier
{
    private long _sent;
    private int _joined;

    /// <summary>Messages carried.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Members that there are.</summary>
    public int Joined
    {
        get => Volatile.Read(ref _joined);
        set => Volatile.Write(ref _joined, value);
    }

    /// <inheritdoc/>
    public bool Send(ulong address, ReadOnlySpan<byte> message)
    {
        if (!CanReach(address)) return false;
        Interlocked.Increment(ref _sent);
        inboxes[address - 1].Post(message);
        return true;
    }

    /// <inheritdoc/>
    public bool CanReach(ulong address) => address >= 1 && address <= (ulong)Joined;

    /// <inheritdoc/>
    public int Members(Span<ulong> into) => 0;
}
