using Ouroboros.Pool;
using Ouroboros.Samples.Oping;
using Ouroboros.Samples.Oping.Wire;

namespace Ouroboros.Tests.Samples;

/// <summary>The client against the real server, and against one that does what the test says. Its own clock paces it, the node's one times reads out.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OpingClientTests : ToolTest
{
    private readonly ManualTimeProvider _clock = new();

    [Test]
    public async Task Three_pings_look_as_those_of_the_reference_on_both_sides()
    {
        var heard = new ToolOutput();
        await using var server = new OpingServer(await Serve("oping"), new OpingOptions(), heard, Time);
        var serving = server.RunAsync();
        var output = new ToolOutput();
        var client = new OpingClient(new OpingOptions { Count = 3 }, output, _clock);

        var result = await Paced(client.RunAsync(await Attach("client")));

        Assert.That(Masked(output.Text), Is.EqualTo(Masked(
            """
            Pinging oping with 64 bytes of data (3 packets):

            64 bytes from oping: seq=0 time=0.203 ms
            64 bytes from oping: seq=1 time=0.129 ms
            64 bytes from oping: seq=2 time=0.142 ms

            --- oping ping statistics ---
            3 packets transmitted, 3 received, 0 out-of-order, 0% packet loss, time: 3000.744 ms
            rtt min/avg/max/mdev = 0.129/0.158/0.203/0.040 ms

            """)));
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(3)), "paced by the clock, one interval before each");
        await server.DisposeAsync();
        await serving.WaitAsync(Soon);
        Assert.That(heard.Text, Is.EqualTo(
            """
            Ouroboros ping server started.
            New flow 64.
            Received 64 bytes on fd 64.
            Received 64 bytes on fd 64.
            Received 64 bytes on fd 64.

            """));
    }

    [Test]
    public async Task The_time_of_day_stands_before_each_line()
    {
        await using var server = new OpingServer(await Serve("oping"), new OpingOptions(), TextWriter.Null, Time);
        var serving = server.RunAsync();
        var output = new ToolOutput();
        var options = new OpingOptions { Count = 3, Interval = TimeSpan.FromMilliseconds(100), TimeOfDay = true };

        await Paced(new OpingClient(options, output, _clock).RunAsync(await Attach("client")));

        var reference = "[1795253326.661816] 64 bytes from oping: seq=0 time=0.146 ms";
        Assert.That(Masked(output.Lines[1]), Is.EqualTo(Masked(reference)));
        Assert.That(output.Lines[1], Does.StartWith("[1767225600."), "2026-01-01, where the test's clock starts");
        await server.DisposeAsync();
        await serving.WaitAsync(Soon);
    }

    [TestCase(ClientMode.Normal, 3000)]
    [TestCase(ClientMode.Flood, 3000)]
    [TestCase(ClientMode.FloodBusy, 300)]
    public async Task Every_mode_gets_all_packets_back_through_a_direct_flow_and_through_the_layer(ClientMode mode, int count)
    {
        await using var server = new OpingServer(await Serve("oping"), new OpingOptions { Quiet = true }, TextWriter.Null, Time);
        var serving = server.RunAsync();
        foreach (var user in new[] { Alice, Bob })
        {
            var output = new ToolOutput();
            var options = new OpingOptions { Count = count, Interval = TimeSpan.Zero, ClientMode = mode, Quiet = true, Size = 200 };
            var result = await new OpingClient(options, output, Time).RunAsync(await Attach("client", user)).WaitAsync(Soon);
            Assert.That(result.ExitCode, Is.Zero, output.Text);
            Assert.That(output.Lines[1], Does.StartWith($"{count} packets transmitted, {count} received, 0 out-of-order, 0% packet loss, time: "));
            Assert.That(output.Lines, Has.Length.EqualTo(3), "quiet: nothing but the figures");
        }
        await server.DisposeAsync();
        await serving.WaitAsync(Soon);
    }

    [Test]
    public async Task A_busy_flood_says_so_in_its_first_line()
    {
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions { Count = 1, ClientMode = ClientMode.FloodBusy }, output, Time).PingAsync(flow);
        await Reply(peer, await Request(peer));
        await pinging.WaitAsync(Soon);
        Assert.That(output.Lines[0], Is.EqualTo("Pinging oping with 64 bytes of data (1 packets, busy-poll):"));
        Assert.That(Masked(output.Lines[1]), Is.EqualTo("64 bytes from oping: seq=0 time=#"));
    }

    [Test]
    public async Task A_silent_server_times_out_and_the_exit_code_tells()
    {
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions { Count = 2, Interval = TimeSpan.Zero }, output, Time).PingAsync(flow);
        await Until(() => peer.ReceiveQueueLength == 2, "both requests");

        var result = await Expiring(pinging);

        Assert.That(output.Lines[1..].Select(Masked), Is.EqualTo(new[]
        {
            "Server timed out.",
            "--- oping ping statistics ---",
            "2 packets transmitted, 0 received, 0 out-of-order, 100% packet loss, time: # ms",
        }));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_lost_packet_is_in_the_figures_and_in_the_exit_code()
    {
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions { Count = 3, Interval = TimeSpan.Zero }, output, Time).PingAsync(flow);
        var requests = new[] { await Request(peer), await Request(peer), await Request(peer) };
        await Reply(peer, requests[2]);
        await Reply(peer, requests[0]);
        await Until(() => output.Lines.Length == 3, "both replies");

        var result = await Expiring(pinging);

        Assert.That(Masked(output.Lines[2]), Is.EqualTo("64 bytes from oping: seq=0 time=# [out-of-order]"));
        Assert.That(output.Text, Does.Contain("Server timed out.\n"));
        Assert.That(output.Text, Does.Contain("3 packets transmitted, 2 received, 1 out-of-order, 34% packet loss"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Duplicates_strangers_and_nonsense_are_told_and_not_counted()
    {
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions { Count = 2, Interval = TimeSpan.Zero }, output, Time).PingAsync(flow);
        var requests = new[] { await Request(peer), await Request(peer) };
        await peer.WriteAsync(requests[0]);
        await peer.WriteAsync(new byte[] { 1 });
        await Reply(peer, requests[0]);
        await Reply(peer, requests[0]);
        var stranger = requests[0].ToArray();
        stranger[7] = 9;
        await Reply(peer, stranger);
        await Reply(peer, requests[1]);

        var result = await pinging.WaitAsync(Soon);

        Assert.That(output.Lines[1..7].Select(Masked), Is.EqualTo(new[]
        {
            "Invalid message on fd 64.",
            "Invalid message on fd 64.",
            "64 bytes from oping: seq=0 time=#",
            "64 bytes from oping: seq=0 [duplicate]",
            "Invalid id.",
            "64 bytes from oping: seq=1 time=#",
        }));
        Assert.That(result.Statistics.Received, Is.EqualTo(2));
        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Stopped_it_sends_no_more_and_prints_its_figures()
    {
        using var stop = new CancellationTokenSource();
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions(), output, _clock).PingAsync(flow, stop.Token);
        await Until(() => _clock.PendingTimers == 1, "waiting for the first ping's time");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Reply(peer, await Request(peer));
        await Until(() => output.Lines.Length == 2, "the reply");
        await stop.CancelAsync();

        var result = await pinging.WaitAsync(Soon);

        Assert.That(output.Text, Does.Contain("1 packets transmitted, 1 received, 0 out-of-order, 0% packet loss"));
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(peer.ReceiveQueueLength, Is.Zero);
    }

    [Test]
    public async Task Stopped_with_a_packet_under_way_it_waits_for_it_a_moment_only()
    {
        using var stop = new CancellationTokenSource();
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions { Count = 1, Interval = TimeSpan.Zero }, output, _clock).PingAsync(flow, stop.Token);
        await Request(peer);
        await stop.CancelAsync();
        await Until(() => _clock.PendingTimers == 1, "the last moment");
        _clock.Advance(TimeSpan.FromMilliseconds(250));

        var result = await pinging.WaitAsync(Soon);

        Assert.That(output.Text, Does.Contain("1 packets transmitted, 0 received, 0 out-of-order, 100% packet loss"));
        Assert.That(output.Text, Does.Not.Contain("timed out"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_leaves_ends_the_run_at_once()
    {
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions { Count = 2, Interval = TimeSpan.Zero }, output, Time).PingAsync(flow);
        await Reply(peer, await Request(peer));
        peer.Deallocate();

        var result = await pinging.WaitAsync(Soon);

        Assert.That(output.Text, Does.Match("Failed to (read|send) packet."));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_flood_over_a_flow_that_is_down_says_that_it_cannot_send()
    {
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        peer.Deallocate();
        await Until(() => flow.IsDown, "down");
        var output = new ToolOutput();
        var result = await new OpingClient(new OpingOptions { ClientMode = ClientMode.Flood }, output, Time).PingAsync(flow).WaitAsync(Soon);
        Assert.That(output.Lines[1], Is.EqualTo("Failed to send packet."));
        Assert.That(output.Text, Does.Contain("0 packets transmitted, 0 received, 0 out-of-order, 0% packet loss"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [TestCase(ClientMode.Flood)]
    [TestCase(ClientMode.FloodBusy)]
    public async Task A_flood_goes_on_after_a_lost_packet_and_counts_its_late_reply(ClientMode mode)
    {
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions { Count = 3, ClientMode = mode }, output, Time).PingAsync(flow);
        await Reply(peer, await Request(peer));
        var late = await Request(peer);
        if (mode == ClientMode.Flood) await Until(() => Time.IsAwaited(TimeSpan.FromSeconds(1)), "waiting for a reply");
        Time.Advance(TimeSpan.FromSeconds(1));
        var last = await Request(peer);
        await Reply(peer, late);
        await Reply(peer, last);

        var result = await pinging.WaitAsync(Soon);

        Assert.That(output.Text, Does.Contain("3 packets transmitted, 3 received"));
        Assert.That(result.Statistics.Max, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(result.ExitCode, Is.Zero);
    }

    [TestCase(ClientMode.Flood)]
    [TestCase(ClientMode.FloodBusy)]
    public async Task A_flood_gives_a_silent_server_up(ClientMode mode)
    {
        var (flow, _) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var result = await Expiring(new OpingClient(new OpingOptions { ClientMode = mode }, output, Time).PingAsync(flow));
        Assert.That(output.Lines[1], Is.EqualTo("Server timed out."));
        Assert.That(output.Text, Does.Contain("3 packets transmitted, 0 received, 0 out-of-order, 100% packet loss"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_flood_that_is_stopped_prints_its_figures()
    {
        using var stop = new CancellationTokenSource();
        var (flow, peer) = await Connect(await Attach("client"), await Serve("oping"), "oping");
        var output = new ToolOutput();
        var pinging = new OpingClient(new OpingOptions { ClientMode = ClientMode.FloodBusy, Quiet = true }, output, Time).PingAsync(flow, stop.Token);
        await Reply(peer, await Request(peer));
        await Request(peer);
        await stop.CancelAsync();
        await pinging.WaitAsync(Soon);
        Assert.That(output.Lines[1], Does.StartWith("2 packets transmitted, 1 received, 0 out-of-order, 50% packet loss"));
    }

    private static async Task<byte[]> Request(Flow flow)
    {
        using Packet packet = await flow.ReadPacketAsync().AsTask().WaitAsync(Soon);
        return packet.Span.ToArray();
    }

    private static async Task Reply(Flow flow, byte[] request)
    {
        OpingMessage.WriteType(request, OpingMessageType.Reply);
        await flow.WriteAsync(request);
        OpingMessage.WriteType(request, OpingMessageType.Request);
    }

    /// <summary>Moves the client's clock on whenever it sleeps.</summary>
    private async Task<PingResult> Paced(Task<PingResult> run)
    {
        while (!run.IsCompleted)
        {
            await Until(() => run.IsCompleted || _clock.PendingTimers > 0, "waiting for the next ping's time");
            if (_clock.PendingTimers > 0) _clock.Advance(TimeSpan.FromMilliseconds(100));
        }
        return await run;
    }

    /// <summary>Lets every time-out pass; whatever was to come has come.</summary>
    private async Task<PingResult> Expiring(Task<PingResult> run)
    {
        await Until(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return run.IsCompleted;
            },
            "the end of the run");
        return await run;
    }
}
