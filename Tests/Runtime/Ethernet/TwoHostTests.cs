using Akka.Actor;
using Ouroboros.Layers.Devices;
using Ouroboros.Runtime.Irmd.Protocol;
using static Ouroboros.Tests.Runtime.Patient;

namespace Ouroboros.Tests.Runtime.Ethernet;

/// <summary>Two hosts on one wire, with real frames: network namespaces and veth that the test makes. Needs root, iproute2, Linux.</summary>
[Category("Root")]
[TestFixture("eth-dix")]
[TestFixture("eth-llc")]
public sealed class TwoHostTests(string kind)
{
    private static readonly TimeSpan Soon = TwoHosts.Soon;

    private bool IsLlc => kind == "eth-llc";

    [Test]
    public async Task A_flow_carries_packets_both_ways_and_its_end_is_told()
    {
        await using var hosts = await TwoHosts.StartAsync(kind);
        var server = await hosts.ServeAsync("oping");
        var client = await hosts.AttachAsync(hosts.Client);
        var (a, b) = await hosts.ConnectAsync(client, server);

        await Echo(a, b, [1, 2, 3]);
        await Echo(b, a, new byte[700]);
        var waiting = b.ReadAsync(new byte[10]).AsTask();
        a.Deallocate();

        Assert.That((await Failure(waiting)).Error, Is.EqualTo(FlowError.FlowDown), "dealloc is told, not timed out");
        b.Deallocate();
        await Until(async () => (await hosts.Client.Irm.ListFlowsAsync()).Count + (await hosts.Server.Irm.ListFlowsAsync()).Count == 0, "all numbers are free");
        Assert.That((await TwoHosts.StatusAsync(hosts.Client)).Flows, Is.Zero);
    }

    [Test]
    public async Task Unknown_rejected_and_unaccepted_names_fail_soon_and_with_their_reason()
    {
        await using var hosts = await TwoHosts.StartAsync(kind);
        var client = await hosts.AttachAsync(hosts.Client);
        await hosts.Client.Irm.CreateNameAsync(new NameInfo("nosuch"));

        var unknown = await Failure(client.AllocateAsync("nosuch").AsTask());
        Assert.That(unknown.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(unknown.Message, Does.Contain("knows 'nosuch'"));

        var unaccepted = await Failure(Patient.AllocateAsync(client, "oping"));
        Assert.That(unaccepted.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(unaccepted.Message, Does.Contain("nobody accepted 'oping'"));
        Assert.That((await TwoHosts.StatusAsync(hosts.Client)).Flows, Is.Zero, "refused flows leave no id in use");
    }

    [Test]
    public async Task Packets_up_to_the_mtu_pass_whole_and_larger_ones_are_an_error()
    {
        await using var hosts = await TwoHosts.StartAsync(kind);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await hosts.ConnectAsync(await hosts.AttachAsync(hosts.Client), server);
        var largest = IsLlc ? 1497 : 1496;

        var data = new byte[largest];
        new Random(1).NextBytes(data);
        await Echo(a, b, data);

        Assert.That(a.MaxPacketSize, Is.EqualTo(largest));
        Assert.That((await Failure(a.WriteAsync(new byte[largest + 1]).AsTask())).Error, Is.EqualTo(FlowError.MessageTooLong));
        await Echo(a, b, [7]);
    }

    [Test]
    public async Task Jumbo_frames_carry_what_the_interface_does()
    {
        await using var hosts = await TwoHosts.StartAsync(kind, mtu: 9000);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await hosts.ConnectAsync(await hosts.AttachAsync(hosts.Client), server);

        Assert.That(a.MaxPacketSize, Is.EqualTo(IsLlc ? 1497 : 8996));
        await Echo(a, b, new byte[a.MaxPacketSize]);
    }

    [Test]
    public async Task Many_flows_at_once_are_told_apart()
    {
        await using var hosts = await TwoHosts.StartAsync(kind);
        var count = IsLlc ? 62 : 200;
        var server = await hosts.ServeAsync("oping");
        var client = await hosts.AttachAsync(hosts.Client);
        var accepts = Enumerable.Range(0, count).Select(_ => server.AcceptAsync().AsTask()).ToArray();
        await IrmdIsDone(hosts.Server);
        var flows = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Patient.AllocateAsync(client, "oping"))).WaitAsync(Soon);
        var ends = await Task.WhenAll(accepts).WaitAsync(Soon);
        Assert.That((await TwoHosts.StatusAsync(hosts.Client)).Flows, Is.EqualTo(count));

        // Which end belongs to which flow is what the packets say.
        for (var i = 0; i < count; i++) await flows[i].WriteAsync(BitConverter.GetBytes(i));
        var seen = new HashSet<int>();
        foreach (var end in ends)
        {
            var buffer = new byte[8];
            Assert.That(await end.ReadAsync(buffer).AsTask().WaitAsync(Soon), Is.EqualTo(4));
            var number = BitConverter.ToInt32(buffer);
            Assert.That(seen.Add(number), Is.True);
            await end.WriteAsync(BitConverter.GetBytes(-number));
        }
        for (var i = 0; i < count; i++)
        {
            var buffer = new byte[8];
            await flows[i].ReadAsync(buffer).AsTask().WaitAsync(Soon);
            Assert.That(BitConverter.ToInt32(buffer), Is.EqualTo(-i));
        }
        foreach (var flow in flows) flow.Deallocate();
        foreach (var end in ends) end.Deallocate();
        await Until(async () => (await TwoHosts.StatusAsync(hosts.Client)).Flows + (await TwoHosts.StatusAsync(hosts.Server)).Flows == 0, "all flows are gone");
    }

    [Test]
    public async Task With_a_fifth_of_all_frames_lost_flows_are_allocated_and_packets_are_lost_but_never_changed()
    {
        await using var hosts = await TwoHosts.StartAsync(kind, "fault { loss = 0.2, duplicate = 0.05, reorder = 0.05, direction = send }, directory-expiry = 1 d");
        const int Flows = 10;
        var server = await hosts.ServeAsync("oping");
        var client = await hosts.AttachAsync(hosts.Client);
        for (var n = 0; n < Flows; n++)
        {
            var (a, b) = await hosts.ConnectAsync(client, server);
            a.ReadTimeout = TimeSpan.FromMilliseconds(200);
            var reader = Task.Run(async () => await EchoAll(b));
            var back = 0;
            for (var i = 0; i < 50 && back < 3; i++)
            {
                await a.WriteAsync(BitConverter.GetBytes(i));
                try
                {
                    var buffer = new byte[8];
                    Assert.That(await a.ReadAsync(buffer), Is.EqualTo(4));
                    Assert.That(BitConverter.ToInt32(buffer), Is.InRange(0, i));
                    back++;
                }
                catch (FlowException e) when (e.Error == FlowError.TimedOut)
                {
                }
            }
            Assert.That(back, Is.EqualTo(3), $"flow {n}");
            a.Deallocate();
            b.Deallocate();
            await reader.WaitAsync(Soon);
        }
        var link = (await TwoHosts.StatusAsync(hosts.Client)).Link!;
        Assert.That(link.Dropped(LinkDrop.Injected), Is.Positive);
    }

    [Test]
    public async Task A_link_that_goes_down_takes_its_flows_down_and_brings_them_back()
    {
        await using var hosts = await TwoHosts.StartAsync(kind);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await hosts.ConnectAsync(await hosts.AttachAsync(hosts.Client), server);

        hosts.Wires.Ip(0, "link", "set", "eth0", "down");
        await Until(() => Task.FromResult(a.IsDown && b.IsDown), "both ends are down: ours has no link, the other no carrier");
        Assert.That((await Failure(a.WriteAsync(new byte[1]).AsTask())).Error, Is.EqualTo(FlowError.FlowDown));
        hosts.Wires.Ip(0, "link", "set", "eth0", "up");
        await Until(() => Task.FromResult(!a.IsDown && !b.IsDown), "both are up again");

        await Echo(a, b, [1, 2, 3]);
    }

    [Test]
    public async Task An_interface_that_is_renamed_or_gone_and_back_is_followed()
    {
        await using var hosts = await TwoHosts.StartAsync(kind);
        var server = await hosts.ServeAsync("oping");
        var client = await hosts.AttachAsync(hosts.Client);
        var (a, b) = await hosts.ConnectAsync(client, server);
        var before = await TwoHosts.StatusAsync(hosts.Client);

        hosts.Wires.Ip(0, "link", "set", "eth0", "name", "lan0");
        await Until(async () => (await TwoHosts.StatusAsync(hosts.Client)).Device == "lan0", "the new name is known");
        await Echo(a, b, [1, 2, 3]);

        hosts.Wires.Ip(0, "link", "del", "lan0");
        await Until(async () => (await TwoHosts.StatusAsync(hosts.Client)).State == LinkState.Gone, "it is gone");
        Assert.That(a.IsDown, Is.True);
        hosts.Wires.Link(0, "lan0", 1, "eth0");
        hosts.Wires.Ip(0, "link", "set", "lan0", "address", before.Address.ToString());
        await Until(async () => (await TwoHosts.StatusAsync(hosts.Client)).State == LinkState.Up, "it is back");
        await Until(async () => (await TwoHosts.StatusAsync(hosts.Server)).State == LinkState.Up, "the other one, too");

        var (c, d) = await hosts.ConnectAsync(client, server);
        await Echo(c, d, [4, 5, 6]);
        // The server's address is another one: to the old flow it is a stranger.
        Assert.That((a.IsDown, b.IsDown), Is.EqualTo((false, false)));
    }

    [TestCase("kill")]
    [TestCase("poison")]
    public async Task An_io_actor_that_ends_comes_back_and_flows_go_on(string way)
    {
        await using var hosts = await TwoHosts.StartAsync(kind);
        var server = await hosts.ServeAsync("oping");
        var (a, b) = await hosts.ConnectAsync(await hosts.AttachAsync(hosts.Client), server);

        for (var i = 0; i < 3; i++)
        {
            var io = await hosts.Client.System.ActorSelection("/user/irmd/ipcps/wire/io").ResolveOne(Soon);
            var device = (await TwoHosts.StatusAsync(hosts.Client)).Link;
            io.Tell(way == "kill" ? Kill.Instance : PoisonPill.Instance, ActorRefs.NoSender);
            await Until(async () => (await TwoHosts.StatusAsync(hosts.Client)).Link is { } now && now != device, "another device is there");
            await Until(() => Task.FromResult(!a.IsDown), "the flow is up");
            await Echo(a, b, [(byte)i]);
        }
    }

    [Test]
    public async Task A_killed_ipcp_comes_back_with_its_names_and_both_ends_of_its_flows_know()
    {
        await using var hosts = await TwoHosts.StartAsync(kind);
        var server = await hosts.ServeAsync("oping");
        var client = await hosts.AttachAsync(hosts.Client);
        var (a, b) = await hosts.ConnectAsync(client, server);

        (await hosts.Server.System.ActorSelection("/user/irmd/ipcps/wire").ResolveOne(Soon)).Tell(Kill.Instance, ActorRefs.NoSender);
        await Until(() => Task.FromResult(a.IsDown && b.IsDown), "its peer was told");
        await Until(async () => (await TwoHosts.StatusAsync(hosts.Server)).Names == 1, "its name is registered again");

        var (c, d) = await hosts.ConnectAsync(client, server);
        await Echo(c, d, [1, 2, 3]);
        Assert.That((await hosts.Server.Irm.ListIpcpsAsync()).Single().Restarts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_capture_file_holds_what_was_sent_and_received()
    {
        var file = Path.Combine(Path.GetTempPath(), $"o7s-{Guid.NewGuid():N}.pcap");
        try
        {
            await using (var hosts = await TwoHosts.StartAsync(kind, $"pcap = \"{file}\", trace = on"))
            {
                var server = await hosts.ServeAsync("oping");
                var (a, b) = await hosts.ConnectAsync(await hosts.AttachAsync(hosts.Client), server);
                await Echo(a, b, [0xCA, 0xFE, 0xBA, 0xBE]);
            }
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.That(bytes.AsSpan(0, 4).SequenceEqual<byte>([0xD4, 0xC3, 0xB2, 0xA1]), Is.True);
            Assert.That(bytes.AsSpan().IndexOf(new byte[] { 0xCA, 0xFE, 0xBA, 0xBE }.AsSpan()), Is.Positive);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task An_interface_that_is_not_there_is_an_error_that_says_what_to_do()
    {
        using var wires = new Namespaces(1);
        var error = Assert.CatchAsync<FlowException>(() => OuroborosRuntime.StartAsync(Ouroboros.Runtime.Configuration.HoconConfig.ParseString(
            $"ouroboros {{ pool.backing = anonymous, {kind}.wire {{ bootstrap = L, dev = eth7, netns = {wires[0]} }} }}")));

        Assert.That(error!.Message, Does.Contain($"ouroboros.{kind}.wire").And.Contain("there is no network interface 'eth7'"));
        await Task.CompletedTask;
    }

    private static async Task Echo(Flow from, Flow to, byte[] data)
    {
        await from.WriteAsync(data);
        var buffer = new byte[16_384];
        var read = await to.ReadAsync(buffer).AsTask().WaitAsync(Soon);
        Assert.That(buffer.AsSpan(0, read).SequenceEqual(data), Is.True);
    }

    private static async Task EchoAll(Flow flow)
    {
        var buffer = new byte[64];
        try
        {
            while (true)
            {
                var length = await flow.ReadAsync(buffer);
                await flow.WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (FlowException)
        {
            // Released.
        }
    }

    private static Task IrmdIsDone(OuroborosRuntime node) => node.Irm.ListFlowsAsync().WaitAsync(Soon);
}
