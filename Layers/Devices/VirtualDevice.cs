using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>A device on a <see cref="VirtualLink"/>. Its receiver is called in the thread that runs the link.</summary>
public sealed class VirtualDevice : ILinkDevice
{
    private readonly VirtualLink _link;
    private readonly PacketPool _pool;
    private ILinkReceiver? _receiver;

    internal VirtualDevice(VirtualLink link, string name, LinkAddress address, PacketPool pool)
    {
        _link = link;
        _pool = pool;
        Name = name;
        Address = address;
        Mtu = link.Mtu;
    }

    /// <inheritdoc/>
    public string Name { get; private set; }

    /// <inheritdoc/>
    public LinkKind Kind => _link.Kind;

    /// <inheritdoc/>
    public LinkAddress Address { get; private set; }

    /// <inheritdoc/>
    public int Mtu { get; private set; }

    /// <inheritdoc/>
    public LinkState State { get; private set; } = LinkState.Up;

    /// <inheritdoc/>
    public LinkCounters Counters { get; } = new();

    /// <inheritdoc/>
    public int QueueLength => _link.Count;

    /// <inheritdoc/>
    public void Start(ILinkReceiver receiver) => Volatile.Write(ref _receiver, receiver);

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<Packet> frames)
    {
        if (State != LinkState.Up) return Counters.Drop(frames, LinkDrop.LinkDown);
        long bytes = 0;
        foreach (var frame in frames) bytes += frame.Length;
        var taken = _link.Put(this, frames);
        Counters.NoteSent(taken, taken == frames.Length ? bytes : 0);
        return taken;
    }

    /// <inheritdoc/>
    public async ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return FlowError.None;
    }

    /// <inheritdoc/>
    public void WakeWriters()
    {
    }

    /// <summary>Changes what the link can do, and tells the receiver.</summary>
    public void Change(LinkState state, string description, LinkAddress? address = null, int? mtu = null, string? name = null)
    {
        State = state;
        Address = address ?? Address;
        Mtu = mtu ?? Mtu;
        Name = name ?? Name;
        _receiver?.OnLinkEvent(new LinkEvent(State, Name, Address, Mtu, description));
    }

    /// <summary>Fails as a device of the system does that cannot go on.</summary>
    public void Fail(Exception reason) => _receiver?.OnFailed(reason);

    /// <inheritdoc/>
    public void Dispose()
    {
        State = LinkState.Closed;
        Volatile.Write(ref _receiver, null);
        _link.Remove(this);
    }

    /// <summary>Receives a copy of a frame that somebody else still owns.</summary>
    internal void Take(Packet frame)
    {
        var receiver = Volatile.Read(ref _receiver);
        if (receiver is null || State != LinkState.Up)
        {
            Counters.NoteDrop(LinkDrop.LinkDown);
            return;
        }
        var length = frame.Length;
        if (!_pool.TryRent(length, out var copy))
        {
            Counters.NoteDrop(LinkDrop.NoMemory);
            return;
        }
        frame.Span.CopyTo(copy.Span);
        Counters.NoteReceived(1, length);
        receiver.OnReceive([copy]);
    }
}
