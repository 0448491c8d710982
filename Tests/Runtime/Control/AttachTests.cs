using Ouroboros.Layers.Flow;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;
using Serilog.Core;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>Applications attached over the daemon's socket: the same flows as in the daemon's own process.</summary>
public sealed class AttachTests : RuntimeTest
{
    private readonly List<Application> _remote = [];
    private string _folder = null!;
    private ControlServer _server = null!;
    private ControlClient _irm = null!;
    private Credentials _caller = null!;

    protected override RuntimeConfig Config => base.Config with { Irmd = new IrmdSettings { Group = "no-such-group" } };

    [SetUp]
    public void StartServer()
    {
        _caller = new Credentials(0, 0, "test");
        _folder = Directory.CreateTempSubdirectory("o7s-attach").FullName;
        var settings = new ControlSettings { Socket = Path.Combine(_folder, "irm.sock") };
        _server = ControlServer.Start(new ControlCommands(Node, Time, Logger.None), settings, Time, Logger.None, _ => _caller);
        _irm = new ControlClient(settings.Socket);
    }

    [TearDown]
    public async Task StopServer()
    {
        var pools = _remote.Select(a => a.Pool).ToList();
        foreach (var application in _remote) await application.DisposeAsync();
        Assert.That(pools.Sum(p => p.Outstanding), Is.Zero, "packets that never came back");
        _remote.Clear();
        await _server.DisposeAsync();
        Directory.Delete(_folder);
    }

    [Test]
    public async Task Packets_go_both_ways_between_two_attached_applications()
    {
        var (client, server) = await RemotePair();
        await client.WriteAsync("ping"u8.ToArray());
        Assert.That(await Read(server), Is.EqualTo("ping"));
        await server.WriteAsync("pong"u8.ToArray());
        Assert.That(await Read(client), Is.EqualTo("pong"));
        Assert.That(client.Descriptor, Is.EqualTo(Application.FirstDescriptor));
        Assert.That((client.Qos, client.Mpl), Is.EqualTo((QosSpec.Raw, TimeSpan.FromMilliseconds(1))));
    }

    [Test]
    public async Task An_attached_application_talks_to_one_of_the_daemon_through_a_layer()
    {
        _caller = new Credentials(1000, 1000, "test");
        await LocalLayer("loc", "L", "svc");
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        var client = await (await RemoteAttach("client")).AllocateAsync("svc").AsTask().WaitAsync(Soon);
        var accepted = await accept.WaitAsync(Soon);

        await client.WriteAsync("ping"u8.ToArray());
        Assert.That(await Read(accepted), Is.EqualTo("ping"));
        await accepted.WriteAsync("pong"u8.ToArray());
        Assert.That(await Read(client), Is.EqualTo("pong"));
        Assert.That((await Node.Irm.ListFlowsAsync()).Select(f => f.Direct), Is.All.False);
        accepted.Dispose();
    }

    [Test]
    public async Task Many_packets_arrive_whole_and_in_order_however_slowly_they_are_read()
    {
        const int Count = 5000;
        var (client, server) = await RemotePair();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++) await client.WriteAsync(BitConverter.GetBytes(i));
        });
        var buffer = new byte[64];
        server.Flags |= FlowFlags.ReadNoPartial;
        for (var i = 0; i < Count; i++)
        {
            Assert.That(await server.ReadAsync(buffer).AsTask().WaitAsync(Soon), Is.EqualTo(4));
            Assert.That(BitConverter.ToInt32(buffer), Is.EqualTo(i));
        }
        await writing.WaitAsync(Soon);
    }

    [TestCase(1)]
    [TestCase(1500)]
    [TestCase(FlowRecord.MaxPayload)]
    [TestCase(FlowRecord.MaxPayload + 1)]
    [TestCase(500_000)]
    public async Task A_packet_of_any_size_that_the_pool_holds_arrives_whole(int size)
    {
        var (client, server) = await RemotePair();
        var data = new byte[size];
        new Random(size).NextBytes(data);
        foreach (var (from, to) in new[] { (client, server), (server, client) })
        {
            await from.WriteAsync(data);
            using var packet = await to.ReadPacketAsync().AsTask().WaitAsync(Soon);
            Assert.That(packet.Span.SequenceEqual(data));
        }
    }

    [Test]
    public async Task A_packet_larger_than_the_flow_carries_is_refused_at_once()
    {
        var (client, _) = await RemotePair();
        Assert.That(ErrorOf(() => client.WriteAsync(new byte[client.MaxPacketSize + 1]).AsTask()), Is.EqualTo(FlowError.MessageTooLong));
    }

    [Test]
    public async Task What_was_written_before_the_deallocation_is_read_after_it()
    {
        var (client, server) = await RemotePair();
        for (var i = 0; i < 100; i++) await client.WriteAsync("last"u8.ToArray());
        client.Deallocate();
        for (var i = 0; i < 100; i++) Assert.That(await Read(server), Is.EqualTo("last"));
        Assert.That(ErrorOf(() => server.ReadPacketAsync().AsTask().WaitAsync(Soon)), Is.EqualTo(FlowError.FlowDown));
        await Until(async () => (await Node.Irm.ListFlowsAsync()).All(f => f.State != FlowState.Allocated), "the daemon lets go of the flow");
    }

    [Test]
    public async Task An_application_that_leaves_takes_its_flows_with_it()
    {
        var (_, server) = await RemotePair();
        await _remote[1].DisposeAsync();
        Assert.That(ErrorOf(() => server.ReadPacketAsync().AsTask().WaitAsync(Soon)), Is.EqualTo(FlowError.FlowDown));
        await Until(async () => (await Node.Irm.ListProcessesAsync()).Count == 1, "the daemon forgets the process");
    }

    [Test]
    public async Task When_the_daemon_stops_flows_go_down_and_waits_end()
    {
        var (client, _) = await RemotePair();
        var accepting = _remote[0].AcceptAsync().AsTask();
        var reading = client.ReadPacketAsync().AsTask();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Any(f => f.State == FlowState.AcceptPending), "the accept waits");
        await _server.DisposeAsync();
        Assert.That(ErrorOf(() => reading.WaitAsync(Soon)), Is.EqualTo(FlowError.FlowDown));
        Assert.That(ErrorOf(() => accepting.WaitAsync(Soon)), Is.EqualTo(FlowError.IrmdUnreachable));
        Assert.That(ErrorOf(() => _remote[0].AllocateAsync("svc").AsTask()), Is.EqualTo(FlowError.IrmdUnreachable));
    }

    [Test]
    public async Task An_accept_that_is_given_up_is_withdrawn_in_the_daemon()
    {
        var server = await RemoteAttach("server");
        await server.BindAsync("svc");
        using var giveUp = new CancellationTokenSource();
        var accept = server.AcceptAsync(cancellationToken: giveUp.Token).AsTask();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 1, "the accept waits");
        await giveUp.CancelAsync();
        Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => accept.WaitAsync(Soon));
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "the accept is withdrawn");
    }

    [Test]
    public async Task Errors_and_time_outs_of_the_daemon_come_over()
    {
        var application = await RemoteAttach("app");
        Assert.That(ErrorOf(() => application.AllocateAsync("nosuch").AsTask()), Is.EqualTo(FlowError.NameUnknown));
        var accept = application.AcceptAsync(TimeSpan.FromSeconds(1.5)).AsTask();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 1, "the accept waits");
        Time.Advance(TimeSpan.FromSeconds(1.4));
        Assert.That(accept.IsCompleted, Is.False);
        await PassUntilDone(accept, TimeSpan.FromSeconds(0.1));
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.TimedOut));
        Assert.That(ErrorOf(() => application.JoinAsync("nosuch").AsTask()), Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public async Task Marking_a_flow_down_and_up_again_reaches_the_other_application()
    {
        var (client, server) = await RemotePair();
        client.Flags |= FlowFlags.Down;
        await Until(() => Task.FromResult(server.IsDown), "it is down");
        client.Flags &= ~FlowFlags.Down;
        await Until(() => Task.FromResult(!server.IsDown), "it is up");
        await client.WriteAsync("again"u8.ToArray());
        Assert.That(await Read(server), Is.EqualTo("again"));
    }

    [Test]
    public async Task A_flow_set_reports_packets_and_the_peers_end()
    {
        var (client, server) = await RemotePair();
        using var set = _remote[0].CreateFlowSet();
        set.Add(server);
        await client.WriteAsync("x"u8.ToArray());
        var events = new FlowEvent[4];
        Assert.That(await set.WaitAsync(events, Soon), Is.EqualTo(1));
        Assert.That(events[0].Has(FlowEventType.Packet));
        Assert.That(await Read(server), Is.EqualTo("x"));
        client.Dispose();
        Assert.That(await set.WaitAsync(events, Soon), Is.EqualTo(1));
        Assert.That(events[0].Has(FlowEventType.Dealloc));
    }

    [Test]
    public async Task Garbage_on_a_flows_connection_costs_at_most_that_flow()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        var server = await RemoteAttach("server");
        await server.BindAsync("svc");
        var client = await RemoteAttach("client");
        for (var round = 0; round < 20; round++)
        {
            var accept = server.AcceptAsync().AsTask();
            var request = Requests.Flow(new AllocateRequest(client.Id, new FlowEndpoint(client.Pool, Time), "svc", QosSpec.Raw, null));
            var (connection, _) = await _irm.OpenAsync(request, CancellationToken.None).WaitAsync(Soon);
            using var accepted = await accept.WaitAsync(Soon);
            using (connection)
            {
                connection.Blocking = false;
                for (var i = 0; i < 50; i++)
                {
                    var record = new byte[random.Next(1, random.Next(2) == 0 ? 4 : 60_000)];
                    random.NextBytes(record);
                    record[0] = (byte)random.Next(10);
                    connection.Send(record, System.Net.Sockets.SocketFlags.None, out var _);
                }
            }
        }
        var (last, other) = await Connect(client, server, "svc");
        await last.WriteAsync("still here"u8.ToArray());
        Assert.That(await Read(other), Is.EqualTo("still here"), $"seed {Seed}");
    }

    [Test]
    public async Task Nobody_can_act_for_another_users_application()
    {
        var server = await RemoteAttach("server");
        _caller = new Credentials(1000, 1000, "test");
        var foreign = await RemoteAttach("foreign");
        var request = Requests.Flow(new AcceptRequest(server.Id, new FlowEndpoint(foreign.Pool, Time), TimeSpan.Zero));
        Assert.That(ErrorOf(() => _irm.AskAsync(request, CancellationToken.None)), Is.EqualTo(FlowError.NotPermitted));
        Assert.That(ErrorOf(() => foreign.BindAsync("svc")), Is.EqualTo(FlowError.NotPermitted));
    }

    [Test]
    public async Task A_client_without_the_extensions_is_told_that_shared_memory_is_not_served()
    {
        var request = Requests.Announce("oping", 1234);
        var answer = await new ControlCommands(Node, Time, Logger.None).ExecuteAsync(request, _caller, CancellationToken.None);
        Assert.That(answer.Replies.Single().Result, Is.EqualTo(-(int)FlowError.NotSupported));
        Assert.That(answer.Next, Is.Null);
    }

    private async Task<Application> RemoteAttach(string program)
    {
        var application = await _irm.AttachAsync(program).WaitAsync(Soon);
        _remote.Add(application);
        return application;
    }

    private async Task<(Flow Client, Flow Server)> RemotePair()
    {
        var server = await RemoteAttach("server");
        await server.BindAsync("svc");
        var client = await RemoteAttach("client");
        return await Connect(client, server, "svc");
    }

    private static async Task<string> Read(Flow flow)
    {
        using var packet = await flow.ReadPacketAsync().AsTask().WaitAsync(Soon);
        return System.Text.Encoding.ASCII.GetString(packet.Span);
    }
}
