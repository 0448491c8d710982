using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>
/// A UDP socket that takes and gives many datagrams in one call, straight from and into packet memory. One thread may receive while another
/// sends; see <see cref="UdpReceiver"/> and <see cref="UdpSender"/>, which own the buffers of the two directions.
/// </summary>
public sealed unsafe class UdpSocket : IDisposable
{
    // Enough for a burst of 200 flows on a busy machine; the kernel counts about 800 bytes for a small datagram.
    private const int BufferSize = 8 << 20;

    private readonly Socket _socket;
    private readonly int _fd;
    private readonly PathProbe _paths;
    private volatile bool _stopping;

    /// <summary>Opens and binds a socket.</summary>
    /// <param name="local">Address and port; port 0 = any that is free. A link-local address needs its scope id.</param>
    /// <param name="offload">Whether to let the kernel join and cut datagrams, where it can.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.InvalidArgument"/>: the address is none of this host, or the port is in use. <see cref="FlowError.NotPermitted"/>:
    /// a port that this user may not bind. <see cref="FlowError.IpcpFailed"/>: the system refuses for another reason.
    /// </exception>
    public UdpSocket(IPEndPoint local, bool offload = true)
    {
        ArgumentNullException.ThrowIfNull(local);
        _socket = Open(local);
        _fd = (int)_socket.Handle;
        Local = (IPEndPoint)_socket.LocalEndPoint!;
        Kind = local.AddressFamily == AddressFamily.InterNetworkV6 ? LinkKind.Udp6 : LinkKind.Udp4;
        SetBuffer(Libc.ReceiveBufferForce, SocketOptionName.ReceiveBuffer);
        SetBuffer(Libc.SendBufferForce, SocketOptionName.SendBuffer);
        // What the path is known not to take is fragmented here, and the rest says "do not fragment": so the system learns what the path takes.
        _ = Kind == LinkKind.Udp6
            ? TrySet(Libc.LevelIpv6, Libc.Ipv6MtuDiscover, Libc.DiscoverAndFragment)
            : TrySet(Libc.LevelIp, Libc.IpMtuDiscover, Libc.DiscoverAndFragment);
        _paths = new PathProbe(Local.Address, HeaderSize);
        CanJoin = offload && TrySet(Libc.LevelUdp, Libc.UdpGro, 1);
        // Setting it to 0, "do not cut", shows whether the kernel knows the option; the size comes with each call.
        CanCut = offload && TrySet(Libc.LevelUdp, Libc.UdpSegment, 0);
    }

    /// <summary>Address and port that it is bound to.</summary>
    public IPEndPoint Local { get; }

    /// <summary>The family of its addresses.</summary>
    public LinkKind Kind { get; }

    /// <summary>Bytes of the address in front of each datagram.</summary>
    public int AddressLength => SocketAddresses.LengthOf(Kind);

    /// <summary>Whether the kernel joins datagrams for it (GRO).</summary>
    public bool CanJoin { get; }

    /// <summary>Whether the kernel cuts datagrams for it (GSO).</summary>
    public bool CanCut { get; }

    /// <summary>Whether <see cref="Stop"/> was called.</summary>
    public bool IsStopping => _stopping;

    /// <summary>What it carried and dropped.</summary>
    public LinkCounters Counters { get; } = new();

    /// <summary>What the kernel joined and cut.</summary>
    public UdpOffload Offload { get; } = new();

    /// <summary>Bytes of the IP and UDP headers in front of a payload, without options.</summary>
    public int HeaderSize => Kind == LinkKind.Udp6 ? 48 : 28;

    /// <summary>Wakes whoever receives; it returns and does not come back.</summary>
    public void Stop()
    {
        _stopping = true;
        // On a socket that is not connected this is an error, but it wakes the receiver all the same.
        _ = Libc.Shutdown(_fd, 2);
    }

    /// <summary>Closes it; nobody may be in a call any more.</summary>
    public void Dispose()
    {
        _paths.Dispose();
        _socket.Dispose();
    }

    /// <summary>The largest payload that reaches a peer without being fragmented, as far as the system knows now. For one thread at a time.</summary>
    /// <returns>Bytes; 0 when there is no route, or after <see cref="Dispose"/>.</returns>
    public int PathMtu(LinkAddress peer) => _paths.Ask(peer);

    internal int Receive(Libc.MessageHeader* messages, int count, bool wait)
    {
        while (true)
        {
            var n = Libc.ReceiveMany(_fd, messages, (uint)count, wait ? Libc.WaitForOne : SystemCalls.MsgDontWait, null);
            if (n >= 0) return _stopping ? 0 : n;
            var error = Marshal.GetLastPInvokeError();
            if (_stopping || error == SystemCalls.Eagain) return 0;
            // Errors of former sends, such as an unreachable host, come back here and concern no receiver.
            if (error is SystemCalls.Eintr or (>= SystemCalls.Enetdown and <= Libc.Ehostunreach)) continue;
            throw new FlowException(FlowError.IpcpFailed, $"receiving on {Local} failed: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    internal int Send(Libc.MessageHeader* messages, int count, bool wait, out int error)
    {
        while (true)
        {
            var n = Libc.SendMany(_fd, messages, (uint)count, wait ? 0 : SystemCalls.MsgDontWait);
            error = n >= 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error != SystemCalls.Eintr) return n;
        }
    }

    internal void WaitWritable(int milliseconds)
    {
        var fd = new SystemCalls.PollFd { Fd = _fd, Events = SystemCalls.PollOut };
        _ = SystemCalls.Poll(&fd, 1, milliseconds);
    }

    private static Socket Open(IPEndPoint local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(local);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw e.SocketErrorCode switch
            {
                SocketError.AddressNotAvailable or SocketError.InvalidArgument => new FlowException(
                    FlowError.InvalidArgument, $"{local.Address} is no address of this host (a link-local one needs its interface, as in fe80::1%eth0); see `ip address`"),
                SocketError.AddressAlreadyInUse => new FlowException(FlowError.InvalidArgument, $"UDP port {local.Port} of {local.Address} is in use; choose another port or end its user"),
                SocketError.AccessDenied => new FlowException(FlowError.NotPermitted, $"UDP port {local.Port} needs privilege; choose one from 1024 on"),
                _ => new FlowException(FlowError.IpcpFailed, $"no UDP socket on {local}: {e.Message}"),
            };
        }
    }

    private void SetBuffer(int force, SocketOptionName name)
    {
        if (!TrySet(Libc.LevelSocket, force, BufferSize)) _socket.SetSocketOption(SocketOptionLevel.Socket, name, BufferSize);
    }

    private bool TrySet(int level, int option, int value)
    {
        try
        {
            _socket.SetRawSocketOption(level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
