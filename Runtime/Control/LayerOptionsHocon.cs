using System.Globalization;
using System.Text;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// Layer options of a record as HOCON, the form in which every kind of layer reads them: the daemon needs to know no kind, and an option
/// is checked in one place, wherever it comes from.
/// </summary>
internal static class LayerOptionsHocon
{
    private static readonly string[] Routing = ["link-state", "lfa", "ecmp"];
    private static readonly string[] Congestion = ["none", "mb-ecn"];

    /// <summary>The options as an object without braces, one a line.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> for a number without meaning, or when the options of the kind are missing.</exception>
    public static string Write(IpcpConfigMsg config)
    {
        var text = new StringBuilder();
        switch ((IpcpType)config.IpcpType)
        {
            case IpcpType.Local:
                Add(text, "hash", HashName(config));
                break;
            case IpcpType.Broadcast:
                break;
            case IpcpType.EthLlc:
                Add(text, "dev", Given(config.Eth).Dev);
                Add(text, "hash", HashName(config));
                break;
            case IpcpType.EthDix:
                Add(text, "dev", Given(config.Eth).Dev);
                Add(text, "ethertype", $"0x{config.Eth.Ethertype:X4}");
                Add(text, "hash", HashName(config));
                break;
            case IpcpType.Udp4:
                Udp(text, LayerOptionsWire.Address(Given(config.Udp4).IpAddr), config.Udp4.Port, LayerOptionsWire.Address(config.Udp4.DnsAddr));
                break;
            case IpcpType.Udp6:
                Udp(text, LayerOptionsWire.Address(Given(config.Udp6).IpAddr), config.Udp6.Port, LayerOptionsWire.Address(config.Udp6.DnsAddr));
                break;
            case IpcpType.Unicast:
                Unicast(text, Given(config.Unicast));
                Add(text, "hash", HashName(config));
                break;
            default:
                throw new FlowException(FlowError.UnknownIpcpType, $"IPCP type {config.IpcpType} is unknown");
        }
        return text.ToString();
    }

    private static void Udp(StringBuilder text, string? address, uint port, string? dns)
    {
        if (address is not null) Add(text, "ip", address);
        Add(text, "port", port);
        if (dns is not null) Add(text, "dns", dns);
    }

    private static void Unicast(StringBuilder text, UnicastConfigMsg unicast)
    {
        if (unicast.Dt is { } dt)
        {
            Add(text, "addr_size", dt.AddrSize);
            Add(text, "eid_size", dt.EidSize);
            Add(text, "max_ttl", dt.MaxTtl);
            if (dt.Routing?.Ls is { } ls)
            {
                Add(text, "routing", Named(Routing, ls.Pol, "routing policy"));
                Add(text, "ls_t_recalc", ls.TRecalc);
                Add(text, "ls_t_update", ls.TUpdate);
                Add(text, "ls_t_timeo", ls.TTimeo);
            }
        }
        if (unicast.Dir?.Dht is { } dht)
        {
            Add(text, "dht_alpha", dht.Alpha);
            Add(text, "dht_k", dht.K);
            Add(text, "dht_t_expire", dht.TExpire);
            Add(text, "dht_t_refresh", dht.TRefresh);
            Add(text, "dht_t_replicate", dht.TReplicate);
        }
        Add(text, "congestion", Named(Congestion, unicast.CongAvoid, "congestion policy"));
    }

    private static string HashName(IpcpConfigMsg config)
    {
        var hash = (DirectoryHash)config.LayerInfo.DirHashAlgo;
        return DirectoryHashOption.Names.FirstOrDefault(n => n.Value == hash).Key
               ?? throw new FlowException(FlowError.InvalidArgument, $"directory hash {config.LayerInfo.DirHashAlgo} is none that a layer can have");
    }

    private static T Given<T>(T? options)
        where T : class => options ?? throw new FlowException(FlowError.InvalidArgument, "the options of this kind of IPCP are missing");

    private static string Named(string[] names, uint number, string what) =>
        number < names.Length ? names[number] : throw new FlowException(FlowError.InvalidArgument, $"{what} {number} is unknown");

    private static void Add(StringBuilder text, string key, uint value) =>
        text.Append(key).Append(" = ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Add(StringBuilder text, string key, string value) => text.Append(key).Append(" = ").Append(Quoted(value)).Append('\n');

    // What comes over the socket must stay one value, whatever is in it.
    private static string Quoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c < ' ') quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
