using Akka.Actor;
using Ouroboros.Layers.Devices;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// Where packets pass between flows and the device, past all actors. Data go from the device's receive thread into the endpoint of their
/// flow; management messages wait in a bounded ring for the IPCP's actor. The device may be exchanged at any time.
/// </summary>
internal sealed class ShimPort : ILinkReceiver, IDisposable
{
    private const int ManagementCapacity = 1024;

    private readonly ShimCore _core;
    private readonly IShimCodec _codec;
    private readonly IActorRef _owner;
    private readonly PacketRing _management;
    // So that who floods us leaves room for the others.
    private readonly SourceQuota _waiting = new(ManagementCapacity / 2);
    private readonly Lock _lock = new();
    private volatile ILinkDevice? _device;
    private volatile IActorRef _io = ActorRefs.Nobody;
    private bool _disposed;
    private int _told;

    /// <summary>Without a device yet.</summary>
    public ShimPort(ShimCore core, IShimCodec codec, IActorRef owner, TimeProvider time)
    {
        _core = core;
        _codec = codec;
        _owner = owner;
        _management = new PacketRing(ManagementCapacity, time);
    }

    /// <summary>The device; null while there is none.</summary>
    public ILinkDevice? Device => _device;

    /// <summary>Largest payload of a flow's packet now, bytes.</summary>
    public int MaxPayload { get; private set; } = int.MaxValue;

    /// <summary>Packets of all flows that wait to be sent.</summary>
    public int QueueLength => _device?.QueueLength ?? 0;

    private ShimCounters Counters => _core.Counters;

    /// <summary>Puts a device in place, owns and starts it.</summary>
    /// <returns>false: the layer has ended meanwhile, and the device is closed.</returns>
    public bool Attach(ILinkDevice device, IActorRef io)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                device.Dispose();
                return false;
            }
            _io = io;
            MaxPayload = _codec.MaxPayload(device.Mtu);
            _device = device;
        }
        device.Start(this);
        return true;
    }

    /// <summary>Closes the device, if there is one.</summary>
    public void CloseDevice()
    {
        ILinkDevice? device;
        lock (_lock) (device, _device) = (_device, null);
        device?.Dispose();
    }

    /// <inheritdoc/>
    public void OnReceive(ReadOnlySpan<Packet> frames)
    {
        foreach (var frame in frames) Receive(frame);
    }

    /// <inheritdoc/>
    public void OnLinkEvent(LinkEvent linkEvent)
    {
        MaxPayload = _codec.MaxPayload(linkEvent.Mtu);
        _owner.Tell(new ShimProtocol.LinkChanged(linkEvent), ActorRefs.NoSender);
    }

    /// <inheritdoc/>
    public void OnFailed(Exception reason) => _io.Tell(new ShimProtocol.LinkFailed(_device, reason), ActorRefs.NoSender);

    /// <summary>The next management message, its frame opened; the caller owns it.</summary>
    public bool TryTakeManagement(out Packet message, out LinkAddress source)
    {
        source = default;
        while (_management.TryRead(out message) == FlowError.None)
        {
            source = _codec.SourceOf(message.Span);
            _waiting.Leave(source);
            if (_codec.TryOpen(message, out _)) return true;
            message.Dispose();
        }
        return false;
    }

    /// <summary>To be called before a look at the ring: what comes after this is told of again.</summary>
    public void ExpectManagement() => Interlocked.Exchange(ref _told, 0);

    /// <summary>Sends a packet of a flow.</summary>
    /// <returns><see cref="FlowError.None"/>: it is gone. Else it is the caller's, unchanged.</returns>
    public FlowError Send(Packet packet, ShimFlow flow)
    {
        if (flow.IsReleased || flow.Route is not { } route) return FlowError.FlowDown;
        if (packet.Length > MaxPayload) return FlowError.MessageTooLong;
        if (!_codec.TrySeal(packet, route)) return FlowError.OutOfMemory;
        var device = _device;
        if (device is null)
        {
            Drop(packet, ShimDrop.NotSent);
            return FlowError.None;
        }
        if (device.Send(new ReadOnlySpan<Packet>(in packet)) == 1) return FlowError.None;
        packet.PopHeader(_codec.HeaderLength);
        return FlowError.TryAgain;
    }

    /// <summary>Sends a frame with a management message, or drops and counts it.</summary>
    public void SendManagement(Packet frame)
    {
        var device = _device;
        if (device is null || device.Send(new ReadOnlySpan<Packet>(in frame)) != 1) Drop(frame, ShimDrop.NotSent);
    }

    /// <summary>Waits for room at the device.</summary>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _device?.WaitWritableAsync(timeout, cancellationToken) ?? new ValueTask<FlowError>(FlowError.None);

    /// <summary>Wakes who waits for room.</summary>
    public void WakeWriters() => _device?.WakeWriters();

    /// <summary>Closes the device and gives back what waits.</summary>
    public void Dispose()
    {
        lock (_lock) _disposed = true;
        CloseDevice();
        _management.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        _management.Drain();
    }

    private void Receive(Packet frame)
    {
        if (!_codec.TryOpen(frame, out var header))
        {
            Drop(frame, header.Drop);
            return;
        }
        if (header.IsManagement)
        {
            // Opened again by the actor, which is to know whom it came from.
            frame.PushHeader(_codec.HeaderLength);
            Queue(frame);
            return;
        }
        var flow = _core.Find(header.Eid);
        if (flow is null)
        {
            Drop(frame, ShimDrop.UnknownEid);
            return;
        }
        if (!flow.IsFromPeer(header))
        {
            Drop(frame, ShimDrop.WrongPeer);
            return;
        }
        var error = flow.Endpoint.Deliver(frame);
        if (error != FlowError.None) Drop(frame, error == FlowError.TryAgain ? ShimDrop.ReceiverFull : ShimDrop.FlowNotReceiving);
    }

    private void Queue(Packet frame)
    {
        // Read from the frame here and where it is taken out again, so that what one takes of its share is what the other gives back.
        var source = _codec.SourceOf(frame.Span);
        if (!_waiting.TryEnter(source))
        {
            Drop(frame, ShimDrop.ManagementQueueFull);
            return;
        }
        if (_management.TryWrite(frame) != FlowError.None)
        {
            _waiting.Leave(source);
            Drop(frame, ShimDrop.ManagementQueueFull);
            return;
        }
        if (Interlocked.Exchange(ref _told, 1) == 0) _owner.Tell(ShimProtocol.ManagementReady.Instance, ActorRefs.NoSender);
    }

    private void Drop(Packet packet, ShimDrop reason)
    {
        Counters.Note(reason);
        packet.Dispose();
    }
}
