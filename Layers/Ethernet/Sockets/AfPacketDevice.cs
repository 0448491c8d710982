using Ouroboros.Layers.Devices;
using Ouroboros.Pool;
using static Ouroboros.Layers.Devices.SystemCalls;
using static Ouroboros.Layers.Ethernet.Sockets.Libc;

namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>
/// A network interface of Linux through a packet socket. Owns the socket and the thread that receives from it; that thread also follows the
/// interface: renamed, set down and up, without carrier, other address or MTU, removed, and back under the name that it had.
/// </summary>
public sealed unsafe class AfPacketDevice : ILinkDevice
{
    private const int HeaderLength = 14;
    private const int MaxMtu = 65_535;
    private const int BatchesBetweenLooks = 64;
    private static readonly TimeSpan DropsEvery = TimeSpan.FromSeconds(1);

    private readonly AfPacketOptions _options;
    private readonly TimeProvider _time;
    private readonly PacketSocket _socket;
    private readonly PacketReceiver _receiver;
    private readonly PacketSender _sender;
    private readonly SendPump _pump;
    private Thread? _thread;
    private ILinkReceiver? _target;
    private long _lastDrops;
    private int _index;
    private volatile string _name;
    private volatile AddressBox _address = new(default);
    private volatile int _mtu;
    private volatile int _state;
    private volatile bool _disposed;

    private AfPacketDevice(AfPacketOptions options, PacketPool pool, TimeProvider time, PacketSocket socket)
    {
        _options = options;
        _time = time;
        _socket = socket;
        _name = options.Interface;
        _state = (int)LinkState.Gone;
        _mtu = 1500;
        _lastDrops = time.GetTimestamp();
        _receiver = new PacketReceiver(pool, Counters, options.ReceiveBatch);
        _sender = new PacketSender(socket, Counters);
        _pump = new SendPump($"send {options.Interface}", _sender, time, options.SendQueue);
    }

    /// <inheritdoc/>
    public string Name => _name;

    /// <inheritdoc/>
    public LinkKind Kind => LinkKind.Ethernet;

    /// <inheritdoc/>
    public LinkAddress Address => _address.Value;

    /// <inheritdoc/>
    public int Mtu => _mtu;

    /// <inheritdoc/>
    public LinkState State => (LinkState)_state;

    /// <inheritdoc/>
    public LinkCounters Counters { get; } = new();

    /// <inheritdoc/>
    public int QueueLength => _pump.QueueLength;

    /// <summary>Opens an interface.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="pool">Where frames are received into.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.InvalidArgument"/>: no such interface or namespace; <see cref="FlowError.NotPermitted"/>: not without CAP_NET_RAW.
    /// </exception>
    public static AfPacketDevice Open(AfPacketOptions options, PacketPool pool, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(time);
        var device = new AfPacketDevice(options, pool, time, PacketSocket.Open(options));
        try
        {
            var found = InterfaceInfo.Find(device._socket.Packet, options.Interface);
            if (found is null && !options.MayBeMissing)
            {
                var where = options.Namespace is null ? "" : $" in network namespace {options.Namespace}";
                throw new FlowException(FlowError.InvalidArgument, $"there is no network interface '{options.Interface}'{where}; `ip link` lists them");
            }
            if (found is not null) device.TryAttach(found);
            else device._receiver.SetFrameSize(HeaderLength + device._mtu);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Start(ILinkReceiver receiver)
    {
        _target = receiver;
        _thread = new Thread(Run) { Name = $"receive {_options.Interface}", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<Packet> frames) => _state == (int)LinkState.Up ? _pump.Send(frames) : Counters.Drop(frames, LinkDrop.LinkDown);

    /// <inheritdoc/>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => _pump.WaitWritableAsync(timeout, cancellationToken);

    /// <inheritdoc/>
    public void WakeWriters() => _pump.WakeWriters();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _state = (int)LinkState.Closed;
        _socket.Events.Interrupt();
        _thread?.Join();
        _pump.Dispose();
        _sender.Dispose();
        _receiver.Dispose();
        _socket.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_disposed) ReceiveSome();
        }
        catch (Exception e) when (e is FlowException or InvalidOperationException or ArgumentException)
        {
            if (!_disposed) _target!.OnFailed(e);
        }
    }

    private void ReceiveSome()
    {
        for (var i = 0; i < BatchesBetweenLooks; i++)
        {
            var count = _receiver.Receive(_socket.Packet, out var frames);
            if (!frames.IsEmpty) _target!.OnReceive(frames);
            // An error is that of the interface (ENETDOWN when it goes down or away); the look at it below says which.
            if (count < _options.ReceiveBatch) break;
        }
        Look();
    }

    /// <summary>Sleeps until there is something to receive, or the interface has changed.</summary>
    private void Look()
    {
        var fds = stackalloc PollFd[3];
        fds[0] = new PollFd { Fd = _socket.Packet, Events = PollIn };
        fds[1] = new PollFd { Fd = _socket.Events.Netlink, Events = PollIn };
        fds[2] = new PollFd { Fd = _socket.Events.Wake, Events = PollIn };
        _ = Poll(fds, 3, -1);
        if (fds[1].Returned != 0 && _socket.Events.Drain()) Follow();
        if (_time.GetElapsedTime(_lastDrops) < DropsEvery) return;
        _lastDrops = _time.GetTimestamp();
        if (_socket.TakeDrops() is var drops and not 0) Counters.NoteDrop(LinkDrop.SystemQueueFull, drops);
    }

    /// <summary>Some interface has changed: is it ours, and how?</summary>
    private void Follow()
    {
        var now = _index == 0 ? null : InterfaceInfo.Find(_socket.Packet, _index);
        if (now is not null)
        {
            NoteChange(now);
            return;
        }
        var back = InterfaceInfo.Find(_socket.Packet, _name);
        if (back is not null && TryAttach(back))
        {
            Tell($"{back.Name} is back");
            return;
        }
        if (_index == 0) return;
        _index = 0;
        _state = (int)LinkState.Gone;
        Tell($"{_name} has been removed; waiting for an interface of this name");
    }

    private void NoteChange(InterfaceInfo now)
    {
        var changes = new List<string>();
        if (now.Name != _name) changes.Add($"{_name} was renamed to {now.Name}");
        if (now.Address != Address) changes.Add($"the address of {now.Name} is now {now.Address} instead of {Address}");
        var mtu = MtuOf(now);
        if (mtu != _mtu) changes.Add($"the MTU of {now.Name} is now {mtu} instead of {_mtu}");
        var state = now.IsUp ? LinkState.Up : LinkState.Down;
        if (state != State) changes.Add(now.IsUp ? $"{now.Name} is up" : $"{now.Name} is down or has no carrier");
        if (changes.Count == 0) return;
        Take(now);
        Tell(string.Join("; ", changes));
    }

    private bool TryAttach(InterfaceInfo found)
    {
        // Gone again in between: the next message of rtnetlink says so.
        if (_socket.Bind(found.Index) != 0) return false;
        _index = found.Index;
        Take(found);
        return true;
    }

    private void Take(InterfaceInfo now)
    {
        _name = now.Name;
        _address = new AddressBox(now.Address);
        _mtu = MtuOf(now);
        _receiver.SetFrameSize(HeaderLength + _mtu);
        if (!_disposed) _state = (int)(now.IsUp ? LinkState.Up : LinkState.Down);
    }

    private int MtuOf(InterfaceInfo info)
    {
        var mtu = Math.Min(info.Mtu, MaxMtu);
        return info.Name.StartsWith("lo", StringComparison.Ordinal) ? Math.Min(mtu, _options.LoopbackMtu) : mtu;
    }

    private void Tell(string description) => _target?.OnLinkEvent(new LinkEvent(State, _name, Address, _mtu, description));

    // A reference is written at once, 32 bytes are not.
    private sealed class AddressBox(LinkAddress value)
    {
        public LinkAddress Value => value;
    }
}
