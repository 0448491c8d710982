using Ouroboros.Hocon;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Sockets;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Layers.Ethernet;

/// <summary>Reads the options of Ethernet layers; see <c>hocon/reference.conf</c>, <c>eth-dix</c> and <c>eth-llc</c>.</summary>
internal static class EthernetOptionsReader
{
    private static readonly Dictionary<string, bool> Backends = new() { ["af-packet"] = false, ["pcap"] = true };

    /// <summary>Reads them.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="options">The options.</param>
    /// <param name="isDix">Whether there is an ethertype.</param>
    public static EthernetConfig Read(string layer, HoconReader options, bool isDix)
    {
        var device = options.GetString("dev");
        var isPcap = options.GetEnum("device", Backends, false);
        if (device.Length == 0) throw options.Error("dev", "is empty; give the name of a network interface, e.g. eth0");
        if (!isPcap && (device.Length > InterfaceInfo.MaxNameLength || device.Contains('/') || device.Any(char.IsWhiteSpace)))
        {
            throw options.Error("dev", $"'{device}' cannot be a network interface: names have up to {InterfaceInfo.MaxNameLength} characters, no blanks and no slash");
        }
        var defaults = new ShimSettings();
        return new EthernetConfig(new LayerInfo(layer, DirectoryHashOption.Read(options)), device, isDix ? ReadEtherType(options) : null)
        {
            Namespace = options.GetString("netns", null),
            UsePcap = isPcap,
            QdiscBypass = options.GetBoolean("qdisc-bypass", false),
            MaxFlows = options.Has("max-flows") ? options.GetInt("max-flows", min: 1, max: isDix ? 65_534 : 62) : null,
            Settings = defaults with
            {
                DirectoryExpiry = options.GetDuration("directory-expiry", defaults.DirectoryExpiry, min: TimeSpan.FromSeconds(1), max: TimeSpan.FromDays(1)),
                RequestRate = options.GetInt("request-rate", defaults.RequestRate, 1, 1_000_000),
                RequestBurst = options.GetInt("request-burst", defaults.RequestBurst, 1, 1_000_000),
                MakeOffer = options.GetBoolean("offer", true),
                NegativeReplies = options.GetBoolean("negative-replies", true),
            },
            Decorators = DeviceOptions.Read(options),
        };
    }

    // Hexadecimal as everybody writes ethertypes, or decimal.
    private static ushort ReadEtherType(HoconReader options)
    {
        const string Key = "ethertype";
        const int First = 0x0600;
        const int Last = 0xFFFE;
        if (!options.Has(Key)) return EthernetConfig.DefaultEtherType;
        var text = options.GetString(Key);
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var style = isHex ? System.Globalization.NumberStyles.AllowHexSpecifier : System.Globalization.NumberStyles.None;
        if (int.TryParse(isHex ? text[2..] : text, style, System.Globalization.CultureInfo.InvariantCulture, out var value) && value is >= First and <= Last) return (ushort)value;
        throw options.Error(Key, $"'{text}' is no ethertype; use 0x0600 to 0xFFFE, best 0xA000 to 0xEFFF");
    }
}
