using System.Buffers.Binary;
using System.Net;

namespace Ouroboros.Layers.Udp.Dns.Wire;

/// <summary>What a server answers to a <see cref="DnsRequest"/>.</summary>
/// <param name="Code">Whether it did what it was asked for.</param>
/// <param name="Addresses">Addresses of the name, in the server's order; none for an update and for a name without any.</param>
public sealed record DnsResponse(DnsCode Code, IReadOnlyList<DnsAddress> Addresses)
{
    // Enough for any answer of 512 bytes, and a bound for larger ones.
    private const int MaxRecords = 64;

    private const int MaxAliases = 8;

    /// <summary>TTLs above 2^31 count as 0 (RFC 2181 section 8); above a week they are not believed.</summary>
    private static readonly TimeSpan LongestTtl = TimeSpan.FromDays(7);

    /// <summary>Reads a response, which must be one to this request: same id, operation and question.</summary>
    /// <returns>false for anything else, and for what cannot be read. A truncated answer counts as far as it goes.</returns>
    public static bool TryParse(ReadOnlySpan<byte> message, ushort id, DnsRequest request, out DnsResponse response)
    {
        ArgumentNullException.ThrowIfNull(request);
        response = new DnsResponse(DnsCode.NoError, []);
        if (!DnsHeader.TryParse(message, out var header) || header.Id != id || (header.Flags & DnsHeader.Response) == 0) return false;
        if ((header.Flags & DnsHeader.OpcodeMask) != (request.IsUpdate ? DnsHeader.Update : 0)) return false;
        var at = DnsHeader.Length;
        // Servers may leave the zone out of a response to an update (RFC 2136 section 3.8), and the question out of a format error.
        if (header.First == 0 && (request.IsUpdate || header.Code == DnsCode.FormatError))
        {
            response = new DnsResponse(header.Code, []);
            return true;
        }
        if (header.First != 1 || !DnsName.TryRead(message, ref at, out var name) || !DnsName.Same(name, request.Name)) return false;
        if (!TryNumber(message, ref at, out var type) || type != (ushort)request.Type) return false;
        if (!TryNumber(message, ref at, out var kind) || kind != (ushort)DnsClass.In) return false;
        IReadOnlyList<DnsAddress> addresses = [];
        if (!request.IsUpdate && !TryReadAnswers(message, at, header, name, request.Type, out addresses)) return false;
        response = new DnsResponse(header.Code, addresses);
        return true;
    }

    private static bool TryReadAnswers(ReadOnlySpan<byte> message, int at, DnsHeader header, string name, DnsType type, out IReadOnlyList<DnsAddress> addresses)
    {
        var found = new List<DnsAddress>();
        addresses = found;
        var (alias, aliases, ttlOfAliases) = (name, 0, LongestTtl);
        for (var i = 0; i < Math.Min((int)header.Second, MaxRecords); i++)
        {
            if (!TryReadRecord(message, ref at, out var owner, out var recordType, out var recordClass, out var ttl, out var data))
            {
                // Cut at the limit of a datagram: what came before is good.
                return (header.Flags & DnsHeader.Truncated) != 0;
            }
            if (recordClass != (ushort)DnsClass.In || !DnsName.Same(owner, alias)) continue;
            var start = at - data.Length;
            if (recordType == (ushort)DnsType.Cname && ++aliases <= MaxAliases)
            {
                if (!DnsName.TryRead(message, ref start, out alias)) return false;
                if (ttl < ttlOfAliases) ttlOfAliases = ttl;
            }
            else if (recordType == (ushort)type && data.Length == (type == DnsType.A ? 4 : 16))
            {
                found.Add(new DnsAddress(new IPAddress(data), ttl < ttlOfAliases ? ttl : ttlOfAliases));
            }
        }
        return true;
    }

    private static bool TryReadRecord(
        ReadOnlySpan<byte> message, ref int at, out string owner, out ushort type, out ushort recordClass, out TimeSpan ttl, out ReadOnlySpan<byte> data)
    {
        (type, recordClass, ttl) = (0, 0, TimeSpan.Zero);
        data = default;
        if (!DnsName.TryRead(message, ref at, out owner) || !TryNumber(message, ref at, out type) || !TryNumber(message, ref at, out recordClass)) return false;
        if (!TryNumber(message, ref at, out var high) || !TryNumber(message, ref at, out var low) || !TryNumber(message, ref at, out var length)) return false;
        if (at + length > message.Length) return false;
        var seconds = ((uint)high << 16) | low;
        ttl = seconds > int.MaxValue ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds);
        if (ttl > LongestTtl) ttl = LongestTtl;
        data = message.Slice(at, length);
        at += length;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> message, ref int at, out ushort number)
    {
        number = 0;
        if (at + sizeof(ushort) > message.Length) return false;
        number = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        at += sizeof(ushort);
        return true;
    }
}
