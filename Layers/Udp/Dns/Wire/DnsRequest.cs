using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ouroboros.Layers.Udp.Dns.Wire;

/// <summary>
/// A request to a DNS server, as bytes: a query for addresses (RFC 1035), or an update that adds or deletes one (RFC 2136). The id stands
/// in the first two bytes and is the only thing that differs between two requests for the same.
/// </summary>
public sealed class DnsRequest
{
    /// <summary>How long a registered address may be remembered (reference: 86400 s).</summary>
    public static readonly TimeSpan RegisteredTtl = TimeSpan.FromSeconds(86400);

    private readonly byte[] _message;

    private DnsRequest(ReadOnlySpan<byte> message, string name, DnsType type, bool isUpdate)
    {
        _message = message.ToArray();
        Name = name;
        Type = type;
        IsUpdate = isUpdate;
    }

    /// <summary>The name that is asked for, or of the zone that is changed.</summary>
    public string Name { get; }

    /// <summary>What is asked for: the type of address, or SOA for an update.</summary>
    public DnsType Type { get; }

    /// <summary>Whether it changes a zone.</summary>
    public bool IsUpdate { get; }

    /// <summary>The message, with an id of 0.</summary>
    public ReadOnlySpan<byte> Message => _message;

    /// <summary>The type of record that holds an address of this family.</summary>
    public static DnsType TypeOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? DnsType.Aaaa : DnsType.A;

    /// <summary>Asks for the addresses of a name.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> when it is no domain name.</exception>
    public static DnsRequest Query(string name, DnsType type)
    {
        Span<byte> message = stackalloc byte[DnsHeader.MaxMessage];
        new DnsHeader(0, DnsHeader.RecursionDesired, 1, 0, 0, 0).Write(message);
        var at = DnsHeader.Length;
        WriteName(message, ref at, name);
        WriteNumber(message, ref at, (ushort)type);
        WriteNumber(message, ref at, (ushort)DnsClass.In);
        return new DnsRequest(message[..at], name, type, isUpdate: false);
    }

    /// <summary>Adds an address to a name, beside those that it has.</summary>
    /// <param name="zone">The zone that the server is authoritative for; <c>.</c> is the root.</param>
    /// <param name="name">The whole name.</param>
    /// <param name="address">What to add.</param>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> when either is no domain name.</exception>
    public static DnsRequest Add(string zone, string name, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Update(zone, name, TypeOf(address.AddressFamily), DnsClass.In, (uint)RegisteredTtl.TotalSeconds, address.GetAddressBytes());
    }

    /// <summary>Deletes one address of a name; those of other hosts stay.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> when either is no domain name.</exception>
    public static DnsRequest Delete(string zone, string name, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Update(zone, name, TypeOf(address.AddressFamily), DnsClass.None, 0, address.GetAddressBytes());
    }

    /// <summary>Deletes all addresses of a name, whoever put them there; this is what the reference does.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> when either is no domain name.</exception>
    public static DnsRequest DeleteAll(string zone, string name, AddressFamily family) => Update(zone, name, TypeOf(family), DnsClass.Any, 0, []);

    private static DnsRequest Update(string zone, string name, DnsType type, DnsClass what, uint ttl, ReadOnlySpan<byte> data)
    {
        Span<byte> message = stackalloc byte[2 * DnsHeader.MaxMessage];
        new DnsHeader(0, DnsHeader.Update, 1, 0, 1, 0).Write(message);
        var at = DnsHeader.Length;
        WriteName(message, ref at, zone);
        WriteNumber(message, ref at, (ushort)DnsType.Soa);
        WriteNumber(message, ref at, (ushort)DnsClass.In);
        WriteName(message, ref at, name);
        WriteNumber(message, ref at, (ushort)type);
        WriteNumber(message, ref at, (ushort)what);
        BinaryPrimitives.WriteUInt32BigEndian(message[at..], ttl);
        at += sizeof(uint);
        WriteNumber(message, ref at, (ushort)data.Length);
        data.CopyTo(message[at..]);
        at += data.Length;
        return new DnsRequest(message[..at], zone, DnsType.Soa, isUpdate: true);
    }

    private static void WriteName(Span<byte> message, ref int at, string name)
    {
        if (!DnsName.TryWrite(name, message[at..], out var length))
        {
            throw new FlowException(FlowError.InvalidArgument, $"'{name}' is no domain name; labels have 1 to 63 characters, names 255");
        }
        at += length;
    }

    private static void WriteNumber(Span<byte> message, ref int at, ushort number)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message[at..], number);
        at += sizeof(ushort);
    }
}
