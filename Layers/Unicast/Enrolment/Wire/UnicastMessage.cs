using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment.Wire;

/// <summary>
/// What a unicast layer has (<c>uni_config_msg</c>): <c>1 dt { 1 addr_size, 2 eid_size, 3 max_ttl, 4 routing { 1 pol, 2 ls } }, 2 dir { 1 pol, 2 dht },
/// 3 addr_auth_type, 4 cong_avoid</c>. All are required but the parameters of a policy, which are there when its number is 0.
/// </summary>
public sealed record UnicastMessage
{
    private const int MaxLength = 128;

    /// <summary>Bytes of an address.</summary>
    public required uint AddressSize { get; init; }

    /// <summary>Bytes of an endpoint id.</summary>
    public required uint EidSize { get; init; }

    /// <summary>Hops.</summary>
    public required uint MaxTtl { get; init; }

    /// <summary>Number of the routing policy.</summary>
    public required uint Routing { get; init; }

    /// <summary>Parameters of routing policy 0.</summary>
    public LinkStateMessage? LinkState { get; init; }

    /// <summary>Number of the directory policy.</summary>
    public required uint Directory { get; init; }

    /// <summary>Parameters of directory policy 0.</summary>
    public DhtParametersMessage? Dht { get; init; }

    /// <summary>Number of the address authority.</summary>
    public required uint AddressAuthority { get; init; }

    /// <summary>Number of the congestion policy.</summary>
    public required uint Congestion { get; init; }

    /// <summary>Reads a message; false when any part of it is malformed or a required field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out UnicastMessage? message)
    {
        message = null;
        if (!ProtoFields.TryRead(data, out var all) || !all.HavePart(1) || !all.HavePart(2) || !all.HaveNumbers(3, 4)) return false;
        if (!ProtoFields.TryRead(all.Part(1), out var dt) || !dt.HaveNumbers(1, 3) || !dt.HavePart(4)) return false;
        if (!ProtoFields.TryRead(dt.Part(4), out var routing) || !routing.HaveNumber(1) || routing.HaveNumber(2)) return false;
        if (!ProtoFields.TryRead(all.Part(2), out var directory) || !directory.HaveNumber(1) || directory.HaveNumber(2)) return false;
        LinkStateMessage? linkState = null;
        DhtParametersMessage? dht = null;
        if (routing.HavePart(2) && !LinkStateMessage.TryParse(routing.Part(2), out linkState)) return false;
        if (directory.HavePart(2) && !DhtParametersMessage.TryParse(directory.Part(2), out dht)) return false;
        message = new UnicastMessage
        {
            AddressSize = dt.Number32(1),
            EidSize = dt.Number32(2),
            MaxTtl = dt.Number32(3),
            Routing = routing.Number32(1),
            LinkState = linkState,
            Directory = directory.Number32(1),
            Dht = dht,
            AddressAuthority = all.Number32(3),
            Congestion = all.Number32(4),
        };
        return true;
    }

    /// <summary>The message.</summary>
    public byte[] ToBytes()
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        Span<byte> outer = stackalloc byte[MaxLength];
        Span<byte> inner = stackalloc byte[MaxLength];
        Span<byte> parameters = stackalloc byte[MaxLength];
        var writer = new ProtoWriter(bytes);

        var routing = new ProtoWriter(inner);
        routing.WriteNumber(1, Routing);
        if (LinkState is not null)
        {
            var linkState = new ProtoWriter(parameters);
            LinkState.Write(ref linkState);
            routing.WriteBytes(2, parameters[..linkState.Length]);
        }
        var dt = new ProtoWriter(outer);
        dt.WriteNumber(1, AddressSize);
        dt.WriteNumber(2, EidSize);
        dt.WriteNumber(3, MaxTtl);
        dt.WriteBytes(4, inner[..routing.Length]);
        writer.WriteBytes(1, outer[..dt.Length]);

        var directory = new ProtoWriter(outer);
        directory.WriteNumber(1, Directory);
        if (Dht is not null)
        {
            var dht = new ProtoWriter(parameters);
            Dht.Write(ref dht);
            directory.WriteBytes(2, parameters[..dht.Length]);
        }
        writer.WriteBytes(2, outer[..directory.Length]);
        writer.WriteNumber(3, AddressAuthority);
        writer.WriteNumber(4, Congestion);
        return bytes[..writer.Length].ToArray();
    }
}
