using System.Net;
using System.Net.Sockets;
using Ouroboros.Layers.Udp.Dns;

namespace Ouroboros.Tests.Layers.Udp.Dns;

/// <summary>What the system's own files say about names and servers.</summary>
public class SystemFilesTests
{
    [Test]
    public void Hosts_are_found_by_any_of_their_names_in_the_right_family()
    {
        const string hosts = "127.0.0.1 localhost\n# 10.0.0.9 server\nfd00::2\tserver\n10.0.0.2   other SERVER # ours\nnonsense server\n10.0.0.3 server\n";
        Assert.That(HostsFile.Find(hosts, "server", AddressFamily.InterNetwork), Is.EqualTo(IPAddress.Parse("10.0.0.2")));
        Assert.That(HostsFile.Find(hosts, "server", AddressFamily.InterNetworkV6), Is.EqualTo(IPAddress.Parse("fd00::2")));
        Assert.That(HostsFile.Find(hosts, "ours", AddressFamily.InterNetwork), Is.Null);
        Assert.That(HostsFile.Find("", "server", AddressFamily.InterNetwork), Is.Null);
    }

    [Test]
    public void Resolver_settings_are_read_as_the_system_reads_them()
    {
        var conf = ResolvConf.Parse("; comment\nsearch a.example b.example.\nnameserver 10.0.0.53\nnameserver fe80::1%3\nnameserver x\noptions timeout:1 ndots:2\n");
        Assert.That(conf.Servers, Is.EqualTo(new[] { new IPEndPoint(IPAddress.Parse("10.0.0.53"), 53), new IPEndPoint(IPAddress.Parse("fe80::1%3"), 53) }));
        Assert.That(conf.Candidates("n"), Is.EqualTo(new[] { "n.a.example", "n.b.example", "n" }));
        Assert.That(conf.Candidates("n.o.p"), Is.EqualTo(new[] { "n.o.p", "n.o.p.a.example", "n.o.p.b.example" }));
    }

    [Test]
    public void Without_a_server_this_host_is_asked()
    {
        var conf = ResolvConf.Parse("");
        Assert.That(conf.Servers, Is.EqualTo(new[] { new IPEndPoint(IPAddress.Loopback, 53) }));
        Assert.That(conf.Candidates("n"), Is.EqualTo(new[] { "n" }));
    }
}
