using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Udp.Dns;
using Ouroboros.Layers.Udp.Dns.Wire;

namespace Ouroboros.Layers.Udp;

/// <summary>Reads the options of udp4 and udp6; hocon/reference.conf describes them.</summary>
internal static class UdpOptionsReader
{
    // Room for a management message with the handshake of an encrypted flow.
    private const int MinMtu = 576;
    private const string PathKeyword = "path";
    private const int MaxMtuIpv4 = 8980;
    private const int MaxMtuIpv6 = 8952;

    /// <summary>Reads them.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="options">The options.</param>
    /// <param name="family">Of the own address.</param>
    /// <exception cref="HoconException">With the path and what to do.</exception>
    public static UdpConfig Read(string layer, HoconReader options, AddressFamily family)
    {
        var (address, scope) = ReadAddress(options, family);
        var name = options.GetString("netns", null);
        var (mtu, limitToPath) = ReadMtu(options, family == AddressFamily.InterNetwork ? MaxMtuIpv4 : MaxMtuIpv6);
        var defaults = UdpConfig.DefaultSettings;
        return new UdpConfig(new LayerInfo(layer, DirectoryHash.Md5), address)
        {
            Scope = scope,
            Port = options.GetInt("port", UdpConfig.DefaultPort, 1, ushort.MaxValue),
            Offload = options.GetBoolean("offload", true),
            LimitToPath = limitToPath,
            Mtu = mtu,
            Namespace = name,
            MaxFlows = options.Has("max-flows") ? options.GetInt("max-flows", null, 1, ushort.MaxValue) : null,
            Settings = defaults with
            {
                RequestRate = options.GetInt("request-rate", defaults.RequestRate, 1, 1_000_000),
                RequestBurst = options.GetInt("request-burst", defaults.RequestBurst, 1, 1_000_000),
                MakeOffer = options.GetBoolean("offer", true),
                NegativeReplies = options.GetBoolean("negative-replies", true),
            },
            Decorators = DeviceOptions.Read(options),
            Dns = new DnsSettings
            {
                Server = options.TryGetValue("dns", out var dns) ? ReadServer(dns) : null,
                Zone = ReadZone(options),
                HostsFile = options.GetString("hosts", "/etc/hosts"),
                ResolvConf = options.GetString("resolv-conf", "/etc/resolv.conf"),
                Namespace = name,
            },
        };
    }

    private static (int? Mtu, bool LimitToPath) ReadMtu(HoconReader options, int most)
    {
        if (!options.Has("mtu")) return (null, false);
        if (options.TryGetValue("mtu", out var value) && value.Kind == HoconValueKind.String)
        {
            if (value.AsString() == PathKeyword) return (null, true);
            if (!int.TryParse(value.AsString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            {
                throw HoconException.At(value, $"is neither a number of bytes nor \"{PathKeyword}\"; write {MinMtu} to {most}, or {PathKeyword} for what the path to each peer takes whole");
            }
        }
        return (options.GetInt("mtu", null, MinMtu, most), false);
    }

    private static (IPAddress Address, string? Scope) ReadAddress(HoconReader options, AddressFamily family)
    {
        var value = options.GetValue("ip");
        var parts = value.AsString().Split('%', 2);
        if (!IPAddress.TryParse(parts[0], out var address) || address.AddressFamily != family || (family == AddressFamily.InterNetwork && parts[0].Count(c => c == '.') != 3))
        {
            throw HoconException.At(value, family == AddressFamily.InterNetwork ? "is no IPv4 address; write one of this host, as in 10.0.0.1" : "is no IPv6 address; write one of this host, as in fd00::1");
        }
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) throw HoconException.At(value, "must be one address of this host: peers take replies only from the address that they asked");
        if (address.IsIPv4MappedToIPv6) throw HoconException.At(value, "is an IPv4 address in IPv6 clothes; use kind udp4");
        var scope = parts.Length > 1 ? parts[1] : null;
        if (address.IsIPv6LinkLocal && string.IsNullOrEmpty(scope)) throw HoconException.At(value, "is link-local and needs its interface, as in fe80::1%eth0");
        if (!address.IsIPv6LinkLocal && scope is not null) throw HoconException.At(value, "is not link-local and has no interface; remove what follows the %");
        return (address, scope);
    }

    private static IPEndPoint ReadServer(HoconValue value)
    {
        if (!IPEndPoint.TryParse(value.AsString(), out var server)) throw HoconException.At(value, "is no address of a DNS server; write 10.0.0.53, 10.0.0.53:5353, fd00::53 or [fd00::53]:5353");
        return server.Port == 0 ? new IPEndPoint(server.Address, ResolvConf.DnsPort) : server;
    }

    private static string ReadZone(HoconReader options)
    {
        if (!options.TryGetValue("dns-zone", out var value)) return DnsName.Root;
        var zone = value.AsString();
        // The label of the name comes in front of it.
        return DnsName.IsValid(zone) && zone.Length <= 255 - 33 ? zone : throw HoconException.At(value, "is no domain name; write one as in net.example, or \".\" for the root");
    }
}
