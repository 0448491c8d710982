using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// Reads the options of unicast layers; see <c>hocon/reference.conf</c>. The reference's configuration file and its tool call some by different names
/// (<c>addr_size</c> and <c>addr</c>, <c>link-state</c> and <c>link_state</c>): both are taken.
/// </summary>
internal static class UnicastOptionsReader
{
    private static readonly Dictionary<string, int> AddressAuthorities = new() { ["flat"] = 0 };

    /// <summary>Reads them.</summary>
    public static UnicastConfig Read(string layer, HoconReader options)
    {
        var hash = DirectoryHashOption.Read(options);
        var addressKey = Either(options, "addr_size", "addr");
        var addressSize = options.GetInt(addressKey, UnicastConfig.OnlyAddressSize, 1, byte.MaxValue);
        if (addressSize != UnicastConfig.OnlyAddressSize)
        {
            throw options.Error(addressKey, $"is {addressSize}; the flat address authority gives addresses of {UnicastConfig.OnlyAddressSize} bytes");
        }
        options.GetEnum(Either(options, "addr-auth", "addr_auth"), AddressAuthorities, 0);
        return new UnicastConfig(new LayerInfo(layer, hash))
        {
            AddressSize = addressSize,
            EidSize = options.GetInt(Either(options, "eid_size", "eid"), UnicastConfig.OnlyEidSize, 1, byte.MaxValue),
            MaxTtl = (byte)options.GetInt(Either(options, "max_ttl", "ttl"), 60, 1, byte.MaxValue),
            Congestion = options.GetEnum(CongestionPolicies.Key, CongestionPolicies.All.ToDictionary(p => p.Name, p => p.Number), 1),
            PeerTimeout = PeerTimeoutOption.Read(options),
            Routing = RoutingPolicies.Read(options),
            Directory = DirectoryPolicies.Read(options, hash),
        };
    }

    /// <summary>Which of two names of an option is used: the second one when it is set.</summary>
    private static string Either(HoconReader options, string key, string other)
    {
        options.Ignore(key);
        return options.Has(other) ? other : key;
    }
}
