using Ouroboros.Pool;
using Ouroboros.Samples.Oping;
using Ouroboros.Samples.Oping.Wire;

namespace Ouroboros.Tests.Samples;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OpingServerTests : ToolTest
{
    private readonly ToolOutput _output = new();
    private OpingServer _server = null!;
    private Task _serving = Task.CompletedTask;
    private Application _application = null!;

    [TearDown]
    public async Task StopServer()
    {
        await _server.DisposeAsync();
        await _serving.WaitAsync(Soon);
    }

    [Test]
    public async Task A_flow_is_released_after_more_than_ten_seconds_without_a_request()
    {
        await Start();
        var flow = await Flow();
        Time.Advance(TimeSpan.FromSeconds(9));
        await Ping(flow, 0);
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((_server.FlowCount, flow.IsDown), Is.EqualTo((1, false)), "10 s after the request");
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((_server.FlowCount, flow.IsDown), Is.EqualTo((0, true)), "11 s after the request");
        Assert.That(_output.Lines[^1], Is.EqualTo("Flow 64 timed out."));
    }

    [Test]
    public async Task A_packet_that_is_no_request_does_not_keep_a_flow()
    {
        await Start();
        var flow = await Flow();
        await Until(() => _server.FlowCount == 1, "served, and its time counts");
        Time.Advance(TimeSpan.FromSeconds(9));
        await flow.WriteAsync(Message(0, OpingMessageType.Reply));
        await Until(() => _output.Lines[^1] == "Invalid message on fd 64.", "told");
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_server.FlowCount, Is.Zero);
    }

    [Test]
    public async Task Three_packets_that_came_before_the_server_added_the_flow_are_all_answered()
    {
        var application = await Serve("oping");
        var (client, accepted) = await Connect(await Attach("client"), application, "oping");
        for (uint id = 0; id < 3; id++) await client.WriteAsync(Message(id, length: 100));
        _server = new OpingServer(application, new OpingOptions(), _output, Time);
        _serving = _server.RunAsync();

        _server.Serve(accepted);

        for (uint id = 0; id < 3; id++) Assert.That(await Reply(client), Is.EqualTo(Message(id, OpingMessageType.Reply, 100)));
    }

    [Test]
    public async Task Three_hundred_flows_are_served_and_released()
    {
        await Start();
        var client = await Attach("client");
        var flows = new List<Flow>();
        for (var i = 0; i < 300; i++) flows.Add(await client.AllocateAsync("oping").AsTask().WaitAsync(Soon));
        Assert.That(flows[^1].Descriptor, Is.EqualTo(363));
        for (var i = 0; i < 300; i++) await Ping(flows[i], (uint)i);
        await Until(() => _server.FlowCount == 300, "all flows");

        Time.Advance(TimeSpan.FromSeconds(12));

        Assert.That(_server.FlowCount, Is.Zero);
        Assert.That(_output.Lines.Where(l => l.EndsWith(" timed out.")), Is.EquivalentTo(Enumerable.Range(64, 300).Select(fd => $"Flow {fd} timed out.")));
    }

    [TestCase(8)]
    [TestCase(9)]
    [TestCase(64)]
    [TestCase(1499)]
    [TestCase(1501)]
    [TestCase(4000)]
    public async Task Whatever_follows_the_type_comes_back_unchanged(int length)
    {
        const int seed = 4711;
        await Start();
        var flow = await Flow();
        var packet = new byte[length];
        new Random(seed).NextBytes(packet);
        packet.AsSpan(0, 4).Clear();
        await flow.WriteAsync(packet);
        packet[3] = 1;
        Assert.That(await Reply(flow), Is.EqualTo(packet), $"seed {seed}");
        Assert.That(_output.Lines[^1], Is.EqualTo($"Received {length} bytes on fd 64."));
    }

    [TestCase(1u, 64)]
    [TestCase(2u, 64)]
    [TestCase(0x01000000u, 64)]
    [TestCase(0u, 7)]
    [TestCase(0u, 1)]
    public async Task What_is_no_request_is_told_and_not_answered(uint type, int length)
    {
        await Start();
        var flow = await Flow();
        await flow.WriteAsync(Message(5, (OpingMessageType)type).AsMemory(0, length));
        await Ping(flow, 6);
        Assert.That(_output.Lines[2..4], Is.EqualTo(new[] { $"Received {length} bytes on fd 64.", "Invalid message on fd 64." }));
    }

    [Test]
    public async Task A_client_that_does_not_read_loses_nothing_and_keeps_nobody_waiting()
    {
        const int count = 4000;
        await Start();
        var slow = await Flow();
        var quick = await Flow();
        var writing = Task.Run(async () =>
        {
            for (uint id = 0; id < count; id++) await slow.WriteAsync(Message(id));
        });
        await Until(() => slow.ReceiveQueueLength == 1023, "no room for replies");
        await Ping(quick, 0);
        for (uint id = 0; id < count; id++) Assert.That(await Reply(slow), Is.EqualTo(Message(id, OpingMessageType.Reply)));
        await writing;
    }

    [Test]
    public async Task A_flow_that_its_client_releases_is_released_at_once()
    {
        await Start();
        var flow = await Flow();
        await Until(() => _server.FlowCount == 1, "served");
        await Ping(flow, 0);
        flow.Deallocate();
        // The server forgets it first, and then lets its number go.
        await Until(() => _server.FlowCount == 0 && _application.Flows.Count == 0, "released");
        Assert.That((await Flow()).Descriptor, Is.EqualTo(64));
        await Until(() => _output.Lines.Count(l => l == "New flow 64.") == 2, "the number is used again");
    }

    [Test]
    public async Task Polling_it_answers_all_the_same_and_stops()
    {
        await Start(ServerMode.Poll);
        var flow = await Flow();
        for (uint id = 0; id < 100; id++) await Ping(flow, id);
        await _server.DisposeAsync();
        await _serving.WaitAsync(Soon);
        Assert.That(flow.IsDown, Is.True);
    }

    [Test]
    public async Task Quiet_it_prints_no_line_per_packet()
    {
        await Start(quiet: true);
        await Ping(await Flow(), 0);
        Assert.That(_output.Text, Is.EqualTo("Ouroboros ping server started.\nNew flow 64.\n"));
    }

    [Test]
    public async Task Busy_it_serves_one_flow_without_a_word_and_ends_with_it()
    {
        await Start(ServerMode.Busy);
        var flow = await Flow();
        for (uint id = 0; id < 100; id++) await Ping(flow, id);
        flow.Deallocate();
        await _serving.WaitAsync(Soon);
        Assert.That(_output.Text, Is.EqualTo("New flow 64 (busy-poll).\n"));
    }

    [Test]
    public async Task Busy_it_can_be_stopped_before_a_flow_came_and_after()
    {
        await Start(ServerMode.Busy);
        await _server.DisposeAsync();
        await _serving.WaitAsync(Soon);
        Assert.That(_output.Text, Is.Empty);

        await Start(ServerMode.Busy, "other");
        var flow = await Flow("other");
        await Ping(flow, 0);
        await _server.DisposeAsync();
        await _serving.WaitAsync(Soon);
        Assert.That(flow.IsDown, Is.True);
    }

    [Test]
    public async Task When_the_runtime_refuses_to_go_on_accepting_the_server_ends_with_the_reason()
    {
        var application = await Serve("oping");
        _server = new OpingServer(application, new OpingOptions(), _output, Time);
        await application.DisposeAsync();
        var serving = _server.RunAsync();
        Assert.That(Assert.ThrowsAsync<FlowException>(() => serving.WaitAsync(Soon))!.Error, Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(_output.Lines[^1], Is.EqualTo("Failed to accept flow: -22 "));
    }

    private async Task Start(ServerMode mode = ServerMode.Normal, string name = "oping", bool quiet = false)
    {
        _application = await Serve(name);
        _server = new OpingServer(_application, new OpingOptions { ServerMode = mode, Quiet = quiet }, _output, Time);
        _serving = _server.RunAsync();
    }

    private async Task<Flow> Flow(string name = "oping") => await (await Attach("client")).AllocateAsync(name).AsTask().WaitAsync(Soon);

    private static byte[] Message(uint id, OpingMessageType type = OpingMessageType.Request, int length = 64)
    {
        var packet = new byte[length];
        new OpingMessage(type, id, 0, 0).Write(packet);
        return packet;
    }

    private static async Task<byte[]> Reply(Flow flow)
    {
        using Packet packet = await flow.ReadPacketAsync().AsTask().WaitAsync(Soon);
        return packet.Span.ToArray();
    }

    private static async Task Ping(Flow flow, uint id)
    {
        await flow.WriteAsync(Message(id));
        Assert.That(await Reply(flow), Is.EqualTo(Message(id, OpingMessageType.Reply)));
    }
}
