using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Udp.Wire;
using Ouroboros.Pool;
using Ouroboros.Runtime.Irmd.Protocol;
using static Ouroboros.Tests.Runtime.Patient;

namespace Ouroboros.Tests.Runtime.Udp;

/// <summary>Two hosts on one IP network, with real datagrams: network namespaces and veth that the test makes. Needs root, iproute2, Linux.</summary>
[Category("Root")]
[TestFixture("udp4")]
[TestFixture("udp6")]
public sealed class UdpTwoHostTests(string kind)
{
    private const int Port = 3435;
    private static readonly TimeSpan Soon = UdpHosts.Soon;
    private static readonly string[] Oping = ["oping"];

    [Test]
    public async Task A_flow_carries_packets_both_ways_and_its_end_is_told()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");

        await Echo(a, b, [1, 2, 3]);
        await Echo(b, a, new byte[700]);
        var waiting = b.ReadAsync(new byte[10]).AsTask();
        a.Deallocate();

        Assert.That((await Failure(waiting)).Error, Is.EqualTo(FlowError.FlowDown), "dealloc is told, not timed out");
        b.Deallocate();
        await Until(async () => (await hosts.Client.Irm.ListFlowsAsync()).Count + (await hosts.Server.Irm.ListFlowsAsync()).Count == 0, "all numbers are free");
    }

    [Test]
    public async Task Unknown_names_names_unknown_at_the_peer_and_names_without_acceptor_fail_soon_and_with_their_reason()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, ["oping", "elsewhere"]);
        var client = await hosts.AttachAsync(hosts.Client);
        foreach (var name in new[] { "nosuch", "elsewhere" }) await hosts.Client.Irm.CreateNameAsync(new NameInfo(name));

        var unknown = await Failure(client.AllocateAsync("nosuch").AsTask());
        Assert.That((unknown.Error, unknown.Message.Contains("knows 'nosuch'", StringComparison.Ordinal)), Is.EqualTo((FlowError.IpcpFailed, true)));
        Assert.That((await Failure(Patient.AllocateAsync(client, "elsewhere"))).Error, Is.EqualTo(FlowError.IpcpFailed));
        var unaccepted = await Failure(Patient.AllocateAsync(client, "oping"));
        Assert.That(unaccepted.Message, Does.Contain("nobody accepted 'oping'"));
        Assert.That((await UdpHosts.StatusAsync(hosts.Client)).Flows, Is.Zero, "refused flows leave no id in use");
    }

    [Test]
    public async Task Packets_up_to_what_the_reference_takes_pass_whole_and_larger_ones_are_an_error()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");
        var largest = kind == "udp4" ? 8976 : 8948;

        var data = new byte[largest];
        new Random(1).NextBytes(data);
        await Echo(a, b, data);
        Assert.That(a.MaxPacketSize, Is.EqualTo(largest));
        Assert.That((await Failure(a.WriteAsync(new byte[largest + 1]).AsTask())).Error, Is.EqualTo(FlowError.MessageTooLong));
        await Echo(a, b, [7]);
    }

    [Test]
    public async Task The_limit_of_the_configuration_is_what_applications_see()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping, "mtu = 1452");
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");
        Assert.That(a.MaxPacketSize, Is.EqualTo(1448));
        await Echo(a, b, new byte[1448]);
    }

    [Test]
    public async Task What_the_path_takes_whole_is_told_to_flows_and_followed_and_larger_packets_still_pass()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");
        var headers = (kind == "udp4" ? 28 : 48) + UdpHeader.Length;
        var largest = kind == "udp4" ? 8976 : 8948;
        Assert.That((a.PathPacketSize, b.PathPacketSize, a.MaxPacketSize), Is.EqualTo((1500 - headers, 1500 - headers, largest)));

        hosts.Wires.Ip(0, "link", "set", "eth0", "mtu", "1300");
        await Until(() => Task.FromResult(a.PathPacketSize == 1300 - headers), "the path has become narrower");
        await Echo(a, b, new byte[largest]);
        hosts.Wires.Ip(0, "link", "set", "eth0", "mtu", "1500");
        await Until(() => Task.FromResult(a.PathPacketSize == 1500 - headers), "and wider again");
    }

    [Test]
    public async Task With_mtu_path_packets_that_the_path_does_not_take_whole_are_refused()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping, "mtu = path");
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");
        var headers = (kind == "udp4" ? 28 : 48) + UdpHeader.Length;
        Assert.That(a.MaxPacketSize, Is.EqualTo(1500 - headers));

        hosts.Wires.Ip(0, "link", "set", "eth0", "mtu", "1300");
        await Until(() => Task.FromResult(a.MaxPacketSize == 1300 - headers), "the path has become narrower");
        Assert.That((await Failure(a.WriteAsync(new byte[a.MaxPacketSize + 1]).AsTask())).Error, Is.EqualTo(FlowError.MessageTooLong));
        await Echo(a, b, new byte[a.MaxPacketSize]);
    }

    [Test]
    public async Task Two_hundred_flows_at_once_are_told_apart()
    {
        const int count = 200;
        await using var hosts = await UdpHosts.StartAsync(kind, Oping);
        var server = await hosts.ServeAsync("oping");
        var client = await hosts.AttachAsync(hosts.Client);
        var accepts = Enumerable.Range(0, count).Select(_ => server.AcceptAsync().AsTask()).ToArray();
        await hosts.Server.Irm.ListFlowsAsync().WaitAsync(Soon);
        var flows = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Patient.AllocateAsync(client, "oping"))).WaitAsync(Soon);
        var ends = await Task.WhenAll(accepts).WaitAsync(Soon);
        for (var i = 0; i < count; i++) await flows[i].WriteAsync(BitConverter.GetBytes(i));
        var seen = new HashSet<int>();
        foreach (var end in ends)
        {
            var number = BitConverter.ToInt32(await Read(end));
            Assert.That(seen.Add(number));
            await end.WriteAsync(BitConverter.GetBytes(-number));
        }
        for (var i = 0; i < count; i++) Assert.That(BitConverter.ToInt32(await Read(flows[i])), Is.EqualTo(-i));
        foreach (var flow in flows) flow.Deallocate();
        foreach (var end in ends) end.Deallocate();
        await Until(async () => (await UdpHosts.StatusAsync(hosts.Client)).Flows + (await UdpHosts.StatusAsync(hosts.Server)).Flows == 0, "all flows are gone");
    }

    [Test]
    public async Task With_a_fifth_of_all_datagrams_lost_flows_are_allocated_and_packets_are_lost_but_never_changed()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping, "fault { loss = 0.2, duplicate = 0.05, reorder = 0.05, direction = send }");
        var server = await hosts.ServeAsync("oping");
        var client = await hosts.AttachAsync(hosts.Client);
        for (var n = 0; n < 5; n++)
        {
            var (a, b) = await ConnectUnderLoss(client, server, "oping");
            var back = 0;
            for (var i = 0; i < 200; i++)
            {
                await a.WriteAsync(BitConverter.GetBytes(i));
                // Each is read as soon as it is there; what is lost is not waited for.
                while (b.TryRead(out Packet packet) == FlowError.None)
                {
                    using (packet)
                    {
                        Assert.That(packet.Length, Is.EqualTo(4));
                        Assert.That(BitConverter.ToInt32(packet.Span), Is.InRange(0, i));
                        back++;
                    }
                }
            }
            await Until(() => Task.FromResult(Drain(b, ref back) > 100), "most of them arrive");
            a.Deallocate();
            b.Deallocate();
        }
        Assert.That((await UdpHosts.StatusAsync(hosts.Client)).Link!.Dropped(LinkDrop.Injected), Is.Positive);
    }

    [Test]
    public async Task Data_and_replies_from_elsewhere_are_dropped_and_counted()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");
        var before = (await UdpHosts.StatusAsync(hosts.Server)).Drops.Total;
        using var stranger = NetworkNamespace.Run(hosts.Wires[0], () => new UdpClient(new IPEndPoint(IPAddress.Parse(hosts.Address(0)), 0)));
        var target = new IPEndPoint(IPAddress.Parse(hosts.Address(1)), Port);

        // Short, empty, unknown ids, an unknown message; of the flow's ids all that fit into 16 bits are too many to try, so they stay random.
        byte[][] datagrams = [[], [1, 2, 3], [0, 0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF, 1], [0xFF, 0xFF, 0xFF, 0xFF], new byte[47], [0, 0, 0, 0, .. new byte[40], 99, 0, 0], new byte[9000]];
        foreach (var datagram in datagrams) stranger.Send(datagram, target);

        await Until(async () => (await UdpHosts.StatusAsync(hosts.Server)).Drops.Total >= before + datagrams.Length, "all are counted");
        await Echo(a, b, [1]);
        Assert.That((await UdpHosts.StatusAsync(hosts.Server)).Flows, Is.EqualTo(1));
    }

    [Test]
    public async Task A_flood_of_requests_from_one_source_is_limited_and_others_are_served()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping, "request-burst = 50, request-rate = 1");
        var server = await hosts.ServeAsync("oping");
        using var stranger = NetworkNamespace.Run(hosts.Wires[0], () => new UdpClient(new IPEndPoint(IPAddress.Parse(hosts.Address(0)), 0)));
        var target = new IPEndPoint(IPAddress.Parse(hosts.Address(1)), Port);
        var request = new byte[UdpHeader.Length + UdpMessage.Length + UdpMessage.HashLength + 36];
        NameHash.Of(DirectoryHash.Md5, "nobody-knows").Span.CopyTo(request.AsSpan(UdpHeader.Length + UdpMessage.Length));
        var sent = 0u;
        await Until(
            async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    new UdpMessage(UdpCode.FlowRequest, ++sent, 0, 0, QosSpec.Raw).Write(request.AsSpan(UdpHeader.Length));
                    BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(^36), sent);
                    stranger.Send(request, target);
                }
                return (await UdpHosts.StatusAsync(hosts.Server)).Drops[ShimDrop.RateLimited] >= 500;
            },
            "the limit holds");
        var status = await UdpHosts.StatusAsync(hosts.Server);
        Assert.That((status.Flows, status.Arrived), Is.EqualTo((0, 0)));

        var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");
        await Echo(a, b, [1, 2, 3]);
    }

    [TestCase("kill")]
    [TestCase("poison")]
    public async Task An_io_actor_that_ends_comes_back_and_flows_go_on(string way)
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await Patient.ConnectAsync(await hosts.AttachAsync(hosts.Client), server, "oping");
        for (var i = 0; i < 3; i++)
        {
            var io = await hosts.Client.System.ActorSelection("/user/irmd/ipcps/net/io").ResolveOne(Soon);
            var device = (await UdpHosts.StatusAsync(hosts.Client)).Link;
            io.Tell(way == "kill" ? Kill.Instance : PoisonPill.Instance, ActorRefs.NoSender);
            await Until(async () => (await UdpHosts.StatusAsync(hosts.Client)).Link is { } now && now != device, "another socket is there");
            await Until(() => Task.FromResult(!a.IsDown), "the flow is up");
            await Echo(a, b, [(byte)i]);
        }
    }

    [Test]
    public async Task A_killed_ipcp_comes_back_with_its_names_and_both_ends_of_its_flows_know()
    {
        await using var hosts = await UdpHosts.StartAsync(kind, Oping);
        var server = await hosts.ServeAsync("oping");
        var client = await hosts.AttachAsync(hosts.Client);
        var (a, b) = await Patient.ConnectAsync(client, server, "oping");

        (await hosts.Server.System.ActorSelection("/user/irmd/ipcps/net").ResolveOne(Soon)).Tell(Kill.Instance, ActorRefs.NoSender);
        await Until(() => Task.FromResult(a.IsDown && b.IsDown), "its peer was told");
        await Until(async () => (await UdpHosts.StatusAsync(hosts.Server)).Names == 1, "its name is registered again");

        var (c, d) = await Patient.ConnectAsync(client, server, "oping");
        await Echo(c, d, [1, 2, 3]);
    }

    [Test]
    public async Task An_address_of_nobody_here_is_an_error_that_says_what_to_do()
    {
        using var wires = new Namespaces(1);
        var error = Assert.CatchAsync<FlowException>(() => OuroborosRuntime.StartAsync(Ouroboros.Runtime.Configuration.HoconConfig.ParseString(
            $"ouroboros {{ pool.backing = anonymous, {kind}.net {{ bootstrap = L, ip = \"{UdpHosts.AddressOf(kind, 7)}\", netns = {wires[0]} }} }}")));
        Assert.That(error!.Message, Does.Contain($"ouroboros.{kind}.net").And.Contain("is no address of this host"));
        await Task.CompletedTask;
    }

    private static int Drain(Flow flow, ref int count)
    {
        while (flow.TryRead(out Packet packet) == FlowError.None)
        {
            packet.Dispose();
            count++;
        }
        return count;
    }

    /// <summary>A request to a peer that is not known to be ours is not repeated, for the reference would refuse the repeat; the user tries again.</summary>
    private static async Task<(Flow Client, Flow Server)> ConnectUnderLoss(Application client, Application server, string name)
    {
        using var patience = new CancellationTokenSource(Soon);
        while (true)
        {
            using var given = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
            var accept = server.AcceptAsync(cancellationToken: given.Token).AsTask();
            try
            {
                var flow = await client.AllocateAsync(name, timeout: TimeSpan.FromSeconds(2), cancellationToken: patience.Token);
                return (flow, await accept.WaitAsync(Soon));
            }
            catch (FlowException)
            {
                await given.CancelAsync();
                if (await Task.WhenAny(accept) == accept && accept.IsCompletedSuccessfully) accept.Result.Deallocate();
            }
        }
    }

    private static async Task Echo(Flow from, Flow to, byte[] data)
    {
        await from.WriteAsync(data);
        Assert.That(await Read(to), Is.EqualTo(data));
    }

    private static async Task<byte[]> Read(Flow flow)
    {
        var buffer = new byte[16_384];
        return buffer[..await flow.ReadAsync(buffer).AsTask().WaitAsync(Soon)];
    }
}
