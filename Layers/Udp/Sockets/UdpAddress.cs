using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>
/// Address and port of a UDP peer as a value: compared, hashed and copied without allocation, and written as the system's <c>sockaddr</c>.
/// Flow labels do not count.
/// </summary>
public readonly struct UdpAddress : IEquatable<UdpAddress>
{
    /// <summary>Bytes of <c>sockaddr_in6</c>, the larger one.</summary>
    public const int MaxSocketAddress = 28;

    private const int SocketAddress4 = 16;
    private const ushort Inet = 2;
    private const ushort Inet6 = 10;

    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly ushort _family;

    /// <summary>The address and port of an end point.</summary>
    public UdpAddress(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        endPoint.Address.TryWriteBytes(bytes, out _);
        _high = MemoryMarshal.Read<ulong>(bytes);
        _low = MemoryMarshal.Read<ulong>(bytes[8..]);
        _port = (ushort)endPoint.Port;
        _family = endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? Inet6 : Inet;
        _scope = _family == Inet6 ? (uint)endPoint.Address.ScopeId : 0;
    }

    private UdpAddress(ulong high, ulong low, uint scope, ushort port, ushort family) =>
        (_high, _low, _scope, _port, _family) = (high, low, scope, port, family);

    /// <summary>Is no address.</summary>
    public bool IsNone => _family == 0;

    /// <summary>The port.</summary>
    public int Port => _port;

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    public int SocketAddressLength => _family == Inet ? SocketAddress4 : MaxSocketAddress;

    /// <summary>As .NET has it; allocates.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        MemoryMarshal.Write(bytes, in _high);
        MemoryMarshal.Write(bytes[8..], in _low);
        return new IPEndPoint(_family == Inet6 ? new IPAddress(bytes, _scope) : new IPAddress(bytes[..4]), _port);
    }

    /// <summary>Reads a <c>sockaddr</c>.</summary>
    /// <returns>No address when it is too short or of another family.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UdpAddress Read(ReadOnlySpan<byte> sockaddr)
    {
        if (sockaddr.Length < SocketAddress4) return default;
        var family = MemoryMarshal.Read<ushort>(sockaddr);
        var port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
        if (family == Inet) return new UdpAddress(MemoryMarshal.Read<uint>(sockaddr[4..]), 0, 0, port, Inet);
        if (family != Inet6 || sockaddr.Length < MaxSocketAddress) return default;
        return new UdpAddress(MemoryMarshal.Read<ulong>(sockaddr[8..]), MemoryMarshal.Read<ulong>(sockaddr[16..]), MemoryMarshal.Read<uint>(sockaddr[24..]), port, Inet6);
    }

    /// <summary>Writes it as <c>sockaddr</c>, <see cref="SocketAddressLength"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(Span<byte> sockaddr)
    {
        MemoryMarshal.Write(sockaddr, in _family);
        BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], _port);
        if (_family == Inet)
        {
            var address = (uint)_high;
            MemoryMarshal.Write(sockaddr[4..], in address);
            MemoryMarshal.Write(sockaddr[8..], 0ul);
            return;
        }
        MemoryMarshal.Write(sockaddr[4..], 0u);
        MemoryMarshal.Write(sockaddr[8..], in _high);
        MemoryMarshal.Write(sockaddr[16..], in _low);
        MemoryMarshal.Write(sockaddr[24..], in _scope);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(UdpAddress other) =>
        _high == other._high && _low == other._low && _port == other._port && _scope == other._scope && _family == other._family;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UdpAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _low, _port, _scope);

    /// <summary>Address and port, as text.</summary>
    public override string ToString() => IsNone ? "nowhere" : ToEndPoint().ToString();

    /// <summary>The same address and port.</summary>
    public static bool operator ==(UdpAddress left, UdpAddress right) => left.Equals(right);

    /// <summary>Another address or port.</summary>
    public static bool operator !=(UdpAddress left, UdpAddress right) => !left.Equals(right);
}
