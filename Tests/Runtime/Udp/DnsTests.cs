using static Ouroboros.Tests.Runtime.Patient;

namespace Ouroboros.Tests.Runtime.Udp;

/// <summary>Two hosts whose names are in DNS: a real BIND in the server's namespace. Needs root, iproute2, bind9.</summary>
[Category("Root")]
[Category("Bind")]
[TestFixture("udp4")]
[TestFixture("udp6")]
public sealed class DnsTests(string kind)
{
    private const int DnsPort = 53;

    [TestCase(".")]
    [TestCase("net.example")]
    public async Task A_name_registered_at_one_host_is_found_from_the_other_until_it_is_unregistered(string zone)
    {
        BindServer? bind = null;
        try
        {
            // The zone of the second case is that of the example.
            var (example, options) = kind == "udp4" && zone == "net.example" ? ("udp4-dns", "") : (kind, $"dns-zone = \"{zone}\",");
            await using var hosts = await UdpHosts.StartAsync(
                kind, [], $"dns = \"{UdpHosts.AddressOf(kind, 1)}\", {options} reg = []", before => bind = Start(before, zone), example);
            var server = await hosts.ServeAsync("oping");
            var client = await hosts.AttachAsync(hosts.Client);
            Assert.That((await Failure(client.AllocateAsync("oping").AsTask())).Message, Does.Contain("layers here knows"), "registered nowhere");

            var ipcp = (await hosts.Server.Irm.ListIpcpsAsync()).Single();
            await hosts.Server.Irm.RegisterNameAsync("oping", ipcp.Id);
            var (a, b) = await Patient.ConnectAsync(client, server, "oping");
            await a.WriteAsync(new byte[] { 1, 2, 3 });
            Assert.That(await b.ReadAsync(new byte[10]).AsTask().WaitAsync(UdpHosts.Soon), Is.EqualTo(3));

            await hosts.Server.Irm.UnregisterNameAsync("oping", ipcp.Id);
            // The client still knows where it was; whoever is asked there no longer knows it.
            Assert.That((await Failure(client.AllocateAsync("oping").AsTask())).Error, Is.EqualTo(FlowError.IpcpFailed));
            Assert.That((await Failure(client.AllocateAsync("oping").AsTask())).Message, Does.Contain("layers here knows"), "the refusal made it forget, and DNS no longer has it");
        }
        finally
        {
            bind?.Dispose();
        }
    }

    [Test]
    public async Task A_client_without_a_server_of_its_own_asks_that_of_the_system()
    {
        BindServer? bind = null;
        var conf = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(conf, $"nameserver {UdpHosts.AddressOf(kind, 1)}\n");
            await using var hosts = await UdpHosts.StartAsync(kind, [], $"resolv-conf = \"{conf}\"", before => bind = Start(before, "."));
            using var added = new CancellationTokenSource(UdpHosts.Soon);
            var address = System.Net.IPAddress.Parse(hosts.Address(1));
            var dns = new Ouroboros.Layers.Udp.Dns.DnsClient(
                new Ouroboros.Layers.Udp.Dns.DnsSettings { Server = bind!.EndPoint, Namespace = hosts.Wires[1] }, address.AddressFamily, TimeProvider.System, 1);
            await dns.RegisterAsync(Ouroboros.Crypto.Hashing.NameHash.Of(Ouroboros.Crypto.Hashing.DirectoryHash.Md5, "oping"), address, added.Token);

            var server = await hosts.ServeAsync("oping");
            var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");
            await a.WriteAsync(new byte[] { 1 });
            Assert.That(await b.ReadAsync(new byte[10]).AsTask().WaitAsync(UdpHosts.Soon), Is.EqualTo(1));
        }
        finally
        {
            bind?.Dispose();
            File.Delete(conf);
        }
    }

    [Test]
    public async Task A_registration_that_the_server_refuses_is_an_error_with_the_reason()
    {
        BindServer? bind = null;
        try
        {
            await using var hosts = await UdpHosts.StartAsync(
                kind, [], $"dns = \"{UdpHosts.AddressOf(kind, 1)}\", dns-zone = net.example, reg = []", before => bind = Start(before, "net.example", "none"));
            var ipcp = (await hosts.Server.Irm.ListIpcpsAsync()).Single();
            var error = await Failure(hosts.Server.Irm.RegisterNameAsync("oping", ipcp.Id));
            Assert.That(error.Message, Does.Contain("Refused").And.Contain("allow updates"));
            Assert.That((await UdpHosts.StatusAsync(hosts.Server)).Names, Is.Zero);
        }
        finally
        {
            bind?.Dispose();
        }
    }

    private static BindServer Start(UdpHosts hosts, string zone, string updates = "any") =>
        new(zone, updates, hosts.Address(1), DnsPort, ["ip", "netns", "exec", hosts.Wires[1]]);
}
