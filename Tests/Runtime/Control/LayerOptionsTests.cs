using System.Net;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>Layer options on their way from a command line through a record to the form that every kind of layer reads.</summary>
public sealed class LayerOptionsTests
{
    [Test]
    public void A_local_layer_has_a_hash() =>
        Assert.That(Hocon(new LocalOptions("l") { Hash = DirectoryHash.Sha3_384 }), Is.EqualTo("hash = \"SHA3_384\"\n"));

    [Test]
    public void A_broadcast_layer_has_nothing() => Assert.That(Hocon(new BroadcastOptions("l")), Is.Empty);

    [Test]
    public void An_Ethernet_layer_has_its_interface_and_with_DIX_its_type()
    {
        Assert.That(Hocon(new EthernetOptions("l", "eth0") { EtherType = 0xA007 }), Is.EqualTo("dev = \"eth0\"\nethertype = \"0xA007\"\nhash = \"SHA3_256\"\n"));
        Assert.That(Hocon(new EthernetOptions("l", "eth0", Llc: true)), Is.EqualTo("dev = \"eth0\"\nhash = \"SHA3_256\"\n"));
    }

    [Test]
    public void A_UDP_layer_has_its_address_and_a_name_server_only_if_there_is_one()
    {
        Assert.That(Hocon(new UdpOptions("l", IPAddress.Parse("10.1.2.3"))), Is.EqualTo("ip = \"10.1.2.3\"\nport = 3435\n"));
        Assert.That(
            Hocon(new UdpOptions("l", IPAddress.Parse("fe80::1")) { Port = 1, Dns = IPAddress.Parse("::2") }),
            Is.EqualTo("ip = \"fe80::1\"\nport = 1\ndns = \"::2\"\n"));
    }

    [Test]
    public void A_unicast_layer_has_every_option_under_its_name_in_the_configuration()
    {
        var options = new UnicastOptions("l")
        {
            AddressSize = 2,
            EidSize = 4,
            MaxTtl = 9,
            Routing = RoutingPolicy.Ecmp,
            LinkStateRecalculate = 1,
            LinkStateUpdate = 2,
            LinkStateTimeout = 3,
            Congestion = CongestionPolicy.None,
            DhtAlpha = 4,
            DhtK = 5,
            DhtExpire = 60,
            DhtRefresh = 7,
            DhtReplicate = 8,
            Hash = DirectoryHash.Sha3_224,
        };
        var read = HoconDocument.ParseString(Hocon(options));
        Assert.That(
            read.Keys.ToDictionary(k => k, k => read.TryGetKey(k, out var v) ? v.AsString() : ""),
            Is.EquivalentTo(new Dictionary<string, string>
            {
                ["addr_size"] = "2",
                ["eid_size"] = "4",
                ["max_ttl"] = "9",
                ["routing"] = "ecmp",
                ["ls_t_recalc"] = "1",
                ["ls_t_update"] = "2",
                ["ls_t_timeo"] = "3",
                ["congestion"] = "none",
                ["dht_alpha"] = "4",
                ["dht_k"] = "5",
                ["dht_t_expire"] = "60",
                ["dht_t_refresh"] = "7",
                ["dht_t_replicate"] = "8",
                ["hash"] = "SHA3_224",
            }));
    }

    [TestCase("eth0\"\nhash = SHA3_512 # ")]
    [TestCase("${HOME}")]
    [TestCase("a\\\"b\u0001\t\n")]
    public void A_text_from_a_client_stays_one_value(string device)
    {
        var read = HoconDocument.ParseString(Hocon(new EthernetOptions("l", device, Llc: true)));
        Assert.That(new HoconReader(read).GetString("dev"), Is.EqualTo(device));
        Assert.That(new HoconReader(read).GetString("hash"), Is.EqualTo("SHA3_256"));
    }

    [Test]
    public void Numbers_without_meaning_are_refused()
    {
        var hash = LayerOptionsWire.ToWire(new LocalOptions("l"));
        hash.LayerInfo.DirHashAlgo = 4;
        var routing = LayerOptionsWire.ToWire(new UnicastOptions("l"));
        routing.Unicast.Dt.Routing.Ls.Pol = 3;
        var address = LayerOptionsWire.ToWire(new UdpOptions("l", IPAddress.IPv6Loopback));
        address.Udp6.IpAddr = Google.Protobuf.ByteString.CopyFrom(1, 2, 3);
        var missing = new IpcpConfigMsg { IpcpType = 1, LayerInfo = new LayerInfoMsg() };
        foreach (var config in new[] { hash, routing, address, missing })
        {
            Assert.That(Assert.Throws<FlowException>(() => LayerOptionsHocon.Write(config))!.Error, Is.EqualTo(FlowError.InvalidArgument));
        }
    }

    private static string Hocon(LayerOptions options) => LayerOptionsHocon.Write(LayerOptionsWire.ToWire(options));
}
