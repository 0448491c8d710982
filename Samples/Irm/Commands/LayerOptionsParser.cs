using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control;

namespace Ouroboros.Samples.Irm.Commands;

/// <summary>The options of <c>irm ipcp bootstrap</c>: their keywords in table order, their ranges, and the layer options that they make.</summary>
internal static class LayerOptionsParser
{
    public const string AutoBind = "autobind";

    // "a" is addr, "d" is dns, "dev" is device: the order decides. The flag comes after them; no keyword begins as it does from "au" on.
    private static readonly string[] Keywords =
    [
        "type", "layer", "name", "hash", "ip", "dns", "device", "ethertype", "addr", "eid", "ttl", "port", "addr_auth", "directory", "dht_alpha",
        "dht_k", "dht_t_expire", "dht_t_refresh", "dht_t_replicate", "routing", "ls_t_timeo", "ls_t_update", "ls_t_recalc", "congestion",
    ];

    private static readonly Dictionary<string, RoutingPolicy> Routing = new()
    {
        ["link_state"] = RoutingPolicy.LinkState,
        ["link-state"] = RoutingPolicy.LinkState,
        ["lfa"] = RoutingPolicy.Lfa,
        ["ecmp"] = RoutingPolicy.Ecmp,
    };

    private static readonly Dictionary<string, CongestionPolicy> Congestion = new()
    {
        ["none"] = CongestionPolicy.None,
        ["mb-ecn"] = CongestionPolicy.MbEcn,
    };

    private static readonly Dictionary<string, bool> Flat = new() { ["flat"] = true };

    private static readonly Dictionary<string, bool> Dht = new() { ["DHT"] = true, ["dht"] = true };

    /// <summary>Reads the words.</summary>
    public static Options Read(Words words) =>
        Options.Parse(words, Keywords, [AutoBind], Usage.IpcpBootstrap, word => new UsageException($"Unknown option: \"{word}\".", null));

    /// <summary>Makes the options of one kind; those of other kinds are checked and have no effect, as with the reference's tool.</summary>
    public static LayerOptions Build(IpcpType type, string layer, Options options)
    {
        var hash = Named(options, "hash", DirectoryHashOption.Names, DirectoryHash.Sha3_256);
        var (etherType, port, unicast) = (EtherType(options), Port(options), Unicast(layer, options, hash));
        return type switch
        {
            IpcpType.Local => new LocalOptions(layer) { Hash = hash },
            IpcpType.Broadcast => new BroadcastOptions(layer) { Hash = hash },
            IpcpType.EthLlc => new EthernetOptions(layer, options.Required("device", Usage.IpcpBootstrap), Llc: true) { Hash = hash },
            IpcpType.EthDix => new EthernetOptions(layer, options.Required("device", Usage.IpcpBootstrap)) { Hash = hash, EtherType = etherType },
            IpcpType.Udp4 => Udp(layer, options, port, AddressFamily.InterNetwork),
            IpcpType.Udp6 => Udp(layer, options, port, AddressFamily.InterNetworkV6),
            IpcpType.Unicast => unicast,
            _ => throw new FlowException(FlowError.UnknownIpcpType, $"IPCPs of type {(int)type} cannot be bootstrapped with this tool."),
        };
    }

    private static UdpOptions Udp(string layer, Options options, ushort port, AddressFamily family)
    {
        var address = Address(options.Required("ip", Usage.IpcpBootstrap), family);
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) throw new UsageException("\"ip\" must be an address of this host.", null);
        return new UdpOptions(layer, address)
        {
            Port = port,
            Dns = options["dns"] is { } dns ? Address(dns, family) : null,
        };
    }

    private static UnicastOptions Unicast(string layer, Options options, DirectoryHash hash)
    {
        Named(options, "addr_auth", Flat, true);
        Named(options, "directory", Dht, true);
        var defaults = new UnicastOptions(layer);
        return defaults with
        {
            Hash = hash,
            AddressSize = (byte)Number(options, "addr", defaults.AddressSize, 1, byte.MaxValue),
            EidSize = (byte)Number(options, "eid", defaults.EidSize, 1, byte.MaxValue),
            MaxTtl = (byte)Number(options, "ttl", defaults.MaxTtl, 1, byte.MaxValue),
            Routing = Named(options, "routing", Routing, defaults.Routing),
            LinkStateRecalculate = Number(options, "ls_t_recalc", defaults.LinkStateRecalculate, 1, int.MaxValue),
            LinkStateUpdate = Number(options, "ls_t_update", defaults.LinkStateUpdate, 1, int.MaxValue),
            LinkStateTimeout = Number(options, "ls_t_timeo", defaults.LinkStateTimeout, 1, int.MaxValue),
            Congestion = Named(options, "congestion", Congestion, defaults.Congestion),
            DhtAlpha = Number(options, "dht_alpha", defaults.DhtAlpha, 1, 10),
            DhtK = Number(options, "dht_k", defaults.DhtK, 1, 20),
            DhtExpire = Number(options, "dht_t_expire", defaults.DhtExpire, 10, 86400),
            DhtRefresh = Number(options, "dht_t_refresh", defaults.DhtRefresh, 3, 3600),
            DhtReplicate = Number(options, "dht_t_replicate", defaults.DhtReplicate, 3, 3600),
        };
    }

    private static uint Number(Options options, string keyword, uint fallback, uint min, uint max)
    {
        if (options[keyword] is not { } text) return fallback;
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        throw new UsageException($"\"{keyword}\" is {min} to {max}, not \"{text}\".", null);
    }

    private static ushort Port(Options options) => (ushort)Number(options, "port", UdpOptions.DefaultPort, 1, ushort.MaxValue);

    // Always hexadecimal, with or without 0x, as in the reference's tool.
    private static ushort EtherType(Options options)
    {
        if (options["ethertype"] is not { } text) return EthernetOptions.DefaultEtherType;
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        if (ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && number is >= 0x0600 and <= 0xFFFE) return number;
        throw new UsageException($"\"ethertype\" is 0600 to FFFE in hexadecimal, not \"{text}\".", null);
    }

    private static IPAddress Address(string text, AddressFamily family) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == family
        && (family != AddressFamily.InterNetwork || text.Count(c => c == '.') == 3)
            ? address
            : throw new UsageException($"\"{text}\" is not an {(family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} address.", null);

    private static T Named<T>(Options options, string keyword, IReadOnlyDictionary<string, T> names, T fallback) =>
        options[keyword] is not { } text ? fallback
        : names.TryGetValue(text, out var value) ? value
        : throw new UsageException($"\"{keyword}\" is one of {string.Join(", ", names.Keys)}, not \"{text}\".", null);
}
