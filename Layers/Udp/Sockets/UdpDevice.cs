using System.Net;
using Ouroboros.Layers.Devices;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>
/// A UDP socket as a device: it carries [sockaddr | datagram]. Owns the socket, the thread that receives, the one that sends when writers do not do
/// it themselves, and the one that follows its address: taken away, its interface down, and back. One reader, so that packets of a flow keep their
/// order; the kernel's joining does what more readers would.
/// </summary>
public sealed class UdpDevice : ILinkDevice
{
    private const int MaxIpPacket = 65535;

    private readonly UdpSocket _socket;
    private readonly UdpSender _sender;
    private readonly SendPump _pump;
    private readonly AddressWatch _watch;
    private readonly PacketPool _pool;
    private readonly IPEndPoint _local;
    private volatile ILinkReceiver? _receiver;
    private Thread? _thread;
    private int _closed;

    /// <summary>Opens it.</summary>
    /// <param name="local">Address and port.</param>
    /// <param name="pool">Where what arrives is put.</param>
    /// <param name="time">Clock of the waits of writers.</param>
    /// <param name="offload">Whether to let the kernel join and cut datagrams, where it can.</param>
    /// <param name="mtu">Largest datagram, bytes; null = what an IP packet can carry.</param>
    /// <exception cref="FlowException">As <see cref="UdpSocket(IPEndPoint, bool)"/>.</exception>
    public UdpDevice(IPEndPoint local, PacketPool pool, TimeProvider time, bool offload = true, int? mtu = null)
    {
        _socket = new UdpSocket(local, offload);
        _local = _socket.Local;
        _pool = pool;
        Mtu = mtu ?? MaxIpPacket - _socket.HeaderSize;
        Address = LinkAddress.FromIp(_local.Address, (ushort)_local.Port);
        _sender = new UdpSender(_socket);
        _pump = new SendPump($"udp send {_local}", _sender, time, PacketRing.DefaultCapacity);
        _watch = new AddressWatch(_local.Address, OnAddressChanged);
    }

    /// <inheritdoc/>
    public string Name => $"udp {_local}";

    /// <inheritdoc/>
    public LinkKind Kind => _socket.Kind;

    /// <inheritdoc/>
    public LinkAddress Address { get; }

    /// <summary>Largest datagram, bytes; one that is larger than the path takes is fragmented on the way.</summary>
    public int Mtu { get; }

    /// <inheritdoc/>
    public LinkState State => Volatile.Read(ref _closed) == 0 ? _watch.State : LinkState.Closed;

    /// <inheritdoc/>
    public LinkCounters Counters => _socket.Counters;

    /// <summary>What the kernel joined and cut.</summary>
    public UdpOffload Offload => _socket.Offload;

    /// <inheritdoc/>
    public int QueueLength => _pump.QueueLength;

    /// <inheritdoc/>
    public void Start(ILinkReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        _receiver = receiver;
        _thread = new Thread(() => Run(receiver)) { IsBackground = true, Name = $"udp receive {_local}" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<Packet> frames)
    {
        if (State != LinkState.Up) return Counters.Drop(frames, LinkDrop.LinkDown);
        var taken = 0;
        for (var i = 0; i < frames.Length; i++)
        {
            if (frames[i].Length >= _socket.AddressLength) continue;
            taken += _pump.Send(frames[taken..i]);
            if (taken < i) return taken;
            Counters.NoteDrop(LinkDrop.TooShort);
            frames[i].Dispose();
            taken = i + 1;
        }
        return taken + _pump.Send(frames[taken..]);
    }

    /// <inheritdoc/>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => _pump.WaitWritableAsync(timeout, cancellationToken);

    /// <inheritdoc/>
    public void WakeWriters() => _pump.WakeWriters();

    /// <inheritdoc/>
    public int PathMtu(LinkAddress peer) => Math.Min(Mtu, _socket.PathMtu(peer));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _socket.Stop();
        if (Thread.CurrentThread != _thread) _thread?.Join();
        _watch.Dispose();
        _pump.Dispose();
        _sender.Dispose();
        _socket.Dispose();
    }

    private void OnAddressChanged(LinkState state, string description) =>
        _receiver?.OnLinkEvent(new LinkEvent(state, Name, Address, Mtu, description));

    private void Run(ILinkReceiver receiver)
    {
        try
        {
            using var buffers = new UdpReceiver(_socket, _pool);
            while (!_socket.IsStopping)
            {
                var packets = buffers.Receive(wait: true);
                if (packets.Length > 0) receiver.OnReceive(packets);
            }
        }
        catch (Exception e) when (!_socket.IsStopping)
        {
            receiver.OnFailed(e);
        }
    }
}
