using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Congestion;
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
        var addressSize = Number(options, "addr_size", "addr", UnicastConfig.OnlyAddressSize, 1, byte.MaxValue, out var addressKey);
        if (addressSize != UnicastConfig.OnlyAddressSize)
        {
            throw options.Error(addressKey, $"is {addressSize}; the flat address authority gives addresses of {UnicastConfig.OnlyAddressSize} bytes");
        }
        ReadOneOf(options, "addr-auth", "addr_auth");
        return new UnicastConfig(new LayerInfo(layer, hash))
        {
            AddressSize = addressSize,
            EidSize = Number(options, "eid_size", "eid", UnicastConfig.OnlyEidSize, 1, byte.MaxValue, out _),
            MaxTtl = (byte)Number(options, "max_ttl", "ttl", 60, 1, byte.MaxValue, out _),
            Congestion = options.GetEnum(CongestionPolicies.Key, CongestionPolicies.All.ToDictionary(p => p.Name, p => p.Number), 1),
            Routing = RoutingPolicies.Read(options),
            Directory = DirectoryPolicies.Read(options, hash),
        };
    }

    private static void ReadOneOf(HoconReader options, string key, string other)
    {
        var read = options.Has(other) ? other : key;
        options.Has(key);
        options.GetEnum(read, AddressAuthorities, 0);
    }

    private static int Number(HoconReader options, string key, string other, int fallback, int min, int max, out string read)
    {
        read = options.Has(other) ? other : key;
        options.Has(key);
        return options.GetInt(read, fallback, min, max);
    }
}
