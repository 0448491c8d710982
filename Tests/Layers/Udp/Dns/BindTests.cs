using System.Net;
using System.Net.Sockets;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Udp.Dns;

namespace Ouroboros.Tests.Layers.Udp.Dns;

/// <summary>Registration and look-up at a real server, BIND (package bind9; test.sh installs it).</summary>
[Category("Bind")]
public class BindTests
{
    private static readonly NameHash Oping = NameHash.Of(DirectoryHash.Md5, "oping");
    private static readonly IPAddress One = IPAddress.Parse("10.0.0.2");
    private static readonly IPAddress Other = IPAddress.Parse("10.0.0.3");

    private static DnsClient Client(IPEndPoint? server, string zone = ".", AddressFamily family = AddressFamily.InterNetwork) =>
        new(new DnsSettings { Server = server, Zone = zone }, family, new SlowTime(), seed: 7);

    [TestCase(".")]
    [TestCase("net.example")]
    public async Task A_registered_name_is_found_until_it_is_taken_back(string zone)
    {
        using var server = new BindServer(zone);
        var client = Client(server.EndPoint, zone);
        Assert.That(await client.FindAsync(Oping), Is.Null, server.Log);
        await client.RegisterAsync(Oping, One);
        await client.RegisterAsync(Oping, One); // again is no error
        var found = await client.FindAsync(Oping);
        Assert.That(found?.Address, Is.EqualTo(One));
        Assert.That(found!.Ttl, Is.EqualTo(TimeSpan.FromDays(1)));

        await client.RegisterAsync(Oping, Other);
        await client.UnregisterAsync(Oping, One);
        Assert.That((await client.FindAsync(Oping))?.Address, Is.EqualTo(Other), "the record of the other host stays");
        await client.UnregisterAsync(Oping, Other);
        Assert.That(await client.FindAsync(Oping), Is.Null);
    }

    [Test]
    public async Task Names_of_IPv6_hosts_get_AAAA_records()
    {
        using var server = new BindServer(".");
        var client = Client(server.EndPoint, family: AddressFamily.InterNetworkV6);
        await client.RegisterAsync(Oping, IPAddress.Parse("fd00::2"));
        Assert.That((await client.FindAsync(Oping))?.Address, Is.EqualTo(IPAddress.Parse("fd00::2")));
        Assert.That(await Client(server.EndPoint).FindAsync(Oping), Is.Null, "and no A record");
    }

    [Test]
    public void A_server_that_does_not_allow_updates_is_an_error_that_says_so()
    {
        using var server = new BindServer(".", updates: "none");
        var error = Assert.ThrowsAsync<FlowException>(() => Client(server.EndPoint).RegisterAsync(Oping, One))!;
        Assert.That(error.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(error.Message, Does.Contain("Refused").And.Contain("allow updates"));
    }

    [Test]
    public void A_zone_that_the_server_does_not_have_is_an_error_that_says_so()
    {
        using var server = new BindServer("net.example");
        var error = Assert.ThrowsAsync<FlowException>(() => Client(server.EndPoint, "other.example").RegisterAsync(Oping, One))!;
        Assert.That(error.Message, Does.Contain("authoritative for the zone"));
    }

    [Test]
    public async Task Without_a_server_the_table_of_hosts_is_looked_into()
    {
        var directory = Directory.CreateTempSubdirectory("ouroboros-resolver-");
        try
        {
            var hosts = Path.Combine(directory.FullName, "hosts");
            File.WriteAllText(hosts, $"10.9.9.9 {Oping}\n");
            var settings = new DnsSettings { HostsFile = hosts, ResolvConf = Path.Combine(directory.FullName, "none") };
            var client = new DnsClient(settings, AddressFamily.InterNetwork, TimeProvider.System, 7);
            Assert.That((await client.FindAsync(Oping))?.Address, Is.EqualTo(IPAddress.Parse("10.9.9.9")));
            Assert.That(client.CanRegister, Is.False);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>A client gives up after two and a half seconds: not enough for a server on a machine that is busy with other tests.</summary>
    private sealed class SlowTime : TimeProvider
    {
        private const int Factor = 20;

        public override long GetTimestamp() => System.GetTimestamp() / Factor;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime * Factor, period);
    }
}
