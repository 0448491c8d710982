using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ouroboros.Layers.Devices;

/// <summary>
/// Where a peer is on a link: a MAC address, or an IP address with port and scope. A value of 32 bytes, compared field by field: it is looked
/// at for each packet.
/// </summary>
public readonly struct LinkAddress : IEquatable<LinkAddress>
{
    /// <summary>Bytes in a MAC address.</summary>
    public const int MacLength = 6;

    private readonly ulong _high;
    private readonly ulong _low;

    private LinkAddress(LinkAddressKind kind, ulong high, ulong low, ushort port, uint scope)
    {
        _high = high;
        _low = low;
        Scope = scope;
        Port = port;
        Kind = kind;
    }

    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static LinkAddress Broadcast { get; } = FromMac(0xFFFF_FFFF_FFFF);

    /// <summary>00:00:00:00:00:00, to which the reference sends the replies of its race (shims-ethernet.md D1).</summary>
    public static LinkAddress ZeroMac { get; } = FromMac(0);

    /// <summary>What it is.</summary>
    public LinkAddressKind Kind { get; }

    /// <summary>UDP port; 0 for a MAC address.</summary>
    public ushort Port { get; }

    /// <summary>Scope id of a link-local IPv6 address, i.e. the interface; else 0.</summary>
    public uint Scope { get; }

    /// <summary>The MAC address as a number of 48 bits, first byte highest.</summary>
    public ulong MacBits => _high;

    /// <summary>A MAC address of 48 bits, first byte highest.</summary>
    public static LinkAddress FromMac(ulong bits) => new(LinkAddressKind.Mac, bits & 0xFFFF_FFFF_FFFF, 0, 0, 0);

    /// <summary>A MAC address.</summary>
    /// <param name="bytes">At least 6 bytes; the first 6 count.</param>
    public static LinkAddress FromMac(ReadOnlySpan<byte> bytes) =>
        new(LinkAddressKind.Mac, ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]), 0, 0, 0);

    /// <summary>An IPv4 address and port.</summary>
    /// <param name="bytes">4 bytes, network order.</param>
    /// <param name="port">UDP port.</param>
    public static LinkAddress FromIpv4(ReadOnlySpan<byte> bytes, ushort port) =>
        new(LinkAddressKind.Ipv4, BinaryPrimitives.ReadUInt32BigEndian(bytes), 0, port, 0);

    /// <summary>An IPv6 address, port and scope.</summary>
    /// <param name="bytes">16 bytes, network order.</param>
    /// <param name="port">UDP port.</param>
    /// <param name="scope">Scope id; 0 unless link-local.</param>
    public static LinkAddress FromIpv6(ReadOnlySpan<byte> bytes, ushort port, uint scope = 0) =>
        new(LinkAddressKind.Ipv6, BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), port, scope);

    /// <summary>An IP address and port.</summary>
    public static LinkAddress FromIp(IPAddress address, ushort port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? FromIpv6(bytes, port, (uint)address.ScopeId) : FromIpv4(bytes, port);
    }

    /// <summary>Writes the address without port and scope: 6 bytes of MAC, 4 of IPv4, 16 of IPv6.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteTo(Span<byte> into)
    {
        switch (Kind)
        {
            case LinkAddressKind.Mac:
                BinaryPrimitives.WriteUInt32BigEndian(into[2..], (uint)_high);
                BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)(_high >> 32));
                return MacLength;
            case LinkAddressKind.Ipv4:
                BinaryPrimitives.WriteUInt32BigEndian(into, (uint)_high);
                return 4;
            case LinkAddressKind.Ipv6:
                BinaryPrimitives.WriteUInt64BigEndian(into, _high);
                BinaryPrimitives.WriteUInt64BigEndian(into[8..], _low);
                return 16;
            default:
                return 0;
        }
    }

    /// <summary>The IP address and port.</summary>
    /// <exception cref="InvalidOperationException">It is a MAC address, or none.</exception>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = WriteTo(bytes);
        return Kind switch
        {
            LinkAddressKind.Ipv4 => new IPEndPoint(new IPAddress(bytes[..length]), Port),
            LinkAddressKind.Ipv6 => new IPEndPoint(Scope == 0 ? new IPAddress(bytes[..length]) : new IPAddress(bytes[..length], Scope), Port),
            _ => throw new InvalidOperationException($"{this} is no IP address"),
        };
    }

    /// <inheritdoc/>
    public bool Equals(LinkAddress other) =>
        _high == other._high && _low == other._low && Port == other.Port && Scope == other.Scope && Kind == other.Kind;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LinkAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _low, Port, Scope, Kind);

    /// <summary>Same address, port and scope.</summary>
    public static bool operator ==(LinkAddress left, LinkAddress right) => left.Equals(right);

    /// <summary>Not the same address, port and scope.</summary>
    public static bool operator !=(LinkAddress left, LinkAddress right) => !left.Equals(right);

    /// <summary><c>02:00:00:00:a1:01</c>, <c>10.0.0.1:3435</c>, <c>[fe80::1%2]:3435</c>, or <c>none</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = WriteTo(bytes);
        return Kind switch
        {
            LinkAddressKind.Mac => string.Join(':', bytes[..length].ToArray().Select(b => b.ToString("x2", null))),
            LinkAddressKind.Ipv4 or LinkAddressKind.Ipv6 => ToEndPoint().ToString(),
            _ => "none",
        };
    }
}
