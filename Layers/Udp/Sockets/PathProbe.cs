using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>
/// Asks the system what the path to a peer takes in one piece. Owns a socket for that: only a connected one has a path, and nothing is ever sent by
/// it. It is of the namespace that it was made in. For one thread at a time.
/// </summary>
internal sealed class PathProbe : IDisposable
{
    private readonly Socket _socket;
    private readonly int _headers;
    private readonly bool _isIpv6;

    /// <summary>Makes the socket.</summary>
    /// <param name="local">The address that packets leave from.</param>
    /// <param name="headers">Bytes of IP and UDP headers.</param>
    public PathProbe(IPAddress local, int headers)
    {
        _headers = headers;
        _isIpv6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (_isIpv6) _socket.DualMode = false;
            _socket.Bind(new IPEndPoint(local, 0));
        }
        catch (SocketException)
        {
            // Then nothing is known of paths.
            _socket.Dispose();
        }
    }

    /// <summary>The largest payload of a datagram; 0 when the system does not know.</summary>
    public int Ask(LinkAddress peer)
    {
        try
        {
            Span<byte> sockaddr = stackalloc byte[SocketAddresses.Ipv6Length];
            SocketAddresses.Write(sockaddr, peer);
            // Not Socket.Connect: once there was no way to a peer, it throws for good, as if a datagram socket could not be connected anew.
            if (Libc.Connect(_socket.SafeHandle, sockaddr, _isIpv6 ? SocketAddresses.Ipv6Length : SocketAddresses.Ipv4Length) != 0) return 0;
            Span<byte> value = stackalloc byte[sizeof(int)];
            _socket.GetRawSocketOption(_isIpv6 ? Libc.LevelIpv6 : Libc.LevelIp, _isIpv6 ? Libc.Ipv6Mtu : Libc.IpMtu, value);
            return Math.Max(0, MemoryMarshal.Read<int>(value) - _headers);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
