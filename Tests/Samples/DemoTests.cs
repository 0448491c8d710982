using Ouroboros.Samples.Demo;
using Ouroboros.Samples.Oping;

namespace Ouroboros.Tests.Samples;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DemoTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    // Of this process alone: a demo may be running on this machine.
    private static int s_port = 20_000 + (Environment.ProcessId % 20_000);

    private readonly ToolOutput _output = new();
    private readonly DemoConfig _config = DemoConfig.Load(DemoConfig.DefaultFile, Interlocked.Increment(ref s_port));

    public void Dispose() => _config.Dispose();

    [Test]
    public async Task From_its_own_configuration_it_prints_what_the_README_promises_and_ends_with_0()
    {
        Assert.That(await Run(count: 5), Is.Zero, _output.Text);

        var lines = _output.Lines;
        Assert.That(lines.Count(l => l == "Pinging oping with 64 bytes of data (5 packets):"), Is.EqualTo(2));
        Assert.That(lines.Count(l => l.StartsWith("64 bytes from oping: seq=") && (l.EndsWith(" ms") || l.EndsWith(" µs"))), Is.EqualTo(10));
        Assert.That(lines.Count(l => l.StartsWith("5 packets transmitted, 5 received, 0 out-of-order, 0% packet loss, time: ")), Is.EqualTo(2));
        Assert.That(lines, Has.One.Match("far, at node left, .* through unicast left"));
        Assert.That(lines, Has.One.Match("near, at node right, .* direct, no layer in between"));
        Assert.That(lines[^1], Is.EqualTo("10 of 10 packets came back."));
    }

    [Test]
    public async Task It_shows_layers_flows_and_actors_of_both_nodes_while_the_flows_are_alive()
    {
        Assert.That(await Run(count: 1), Is.Zero, _output.Text);

        foreach (var node in new[] { "right", "left" })
        {
            Assert.That(_output.Text, Does.Contain(
                $"""
                +---------+----------------------+------------+----------------------+
                |     pid |                 name |       type |                layer |
                +---------+----------------------+------------+----------------------+
                |       2 | {node,20} |    unicast |                  net |
                |       1 |                 wire |       udp4 |                 wire |
                +---------+----------------------+------------+----------------------+
                """));
        }
        var flows = _output.Lines.Where(l => l.Contains("Allocated")).ToList();
        Assert.That(flows.Count(l => l.Contains("udp4 wire")), Is.EqualTo(4), "both ends of the management and the data transfer connection");
        Assert.That(flows, Has.One.Contains("unicast right"));
        Assert.That(flows, Has.One.Contains("unicast left"));
        Assert.That(flows, Has.One.Contains("direct: "));
        foreach (var actor in new[] { "/irmd ", "/ipcps ", "/wire ", "/flows ", "/applications ", "/dt ", "/fa ", "/connections ", "/routing ", "/directory ", "/enrolment " })
        {
            Assert.That(_output.Lines, Has.Exactly(2).Match($@"^ *{actor} *\w+ +running +\d+ +0$"), actor);
        }
    }

    [Test]
    public async Task It_leaves_no_shared_memory_behind()
    {
        var before = Directory.GetFiles("/dev/shm", "ouroboros-demo*");
        Assert.That(await Run(count: 1), Is.Zero, _output.Text);
        Assert.That(Directory.GetFiles("/dev/shm", "ouroboros-demo*"), Is.EqualTo(before));
    }

    [Test]
    public async Task Stopped_before_its_packets_came_back_it_does_not_end_with_0()
    {
        using var stop = new CancellationTokenSource();
        var running = DemoProgram.RunAsync(_config.Nodes, new OpingOptions { Interval = TimeSpan.FromSeconds(10) }, _output, stop.Token);
        using var patience = new CancellationTokenSource(Soon);
        while (!_output.Text.Contains("Pinging"))
        {
            Assert.That(patience.IsCancellationRequested || running.IsFaulted, Is.False, _output.Text);
            await Task.Yield();
        }
        await stop.CancelAsync();
        int code;
        try
        {
            code = await running.WaitAsync(Soon);
        }
        catch (OperationCanceledException)
        {
            code = 1;
        }
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void Without_the_first_node_the_second_fails_with_the_stanza_and_the_reason()
    {
        var alone = _config.Nodes[1] with { Ipcps = [.. _config.Nodes[1].Ipcps.Select(i => i with { Retry = 0 })] };
        var error = Assert.ThrowsAsync<FlowException>(() => DemoProgram.RunAsync([alone], new OpingOptions { Count = 1 }, _output, CancellationToken.None));
        Assert.That(error!.Message, Does.StartWith("ouroboros.unicast.left: enrolment"));
    }

    [Test]
    public void Its_configuration_is_valid_and_the_first_node_registers_the_name_in_the_layer()
    {
        Assert.That(_config.Nodes.Select(n => n.Name), Is.EqualTo(new[] { "right", "left" }));
        Assert.That(_config.Nodes.SelectMany(n => n.Warnings), Is.Empty);
        Assert.That(_config.Nodes[0].Ipcps.Single(i => i.Name == "right").Register, Does.Contain("oping"));
    }

    private Task<int> Run(int count)
    {
        var options = new OpingOptions { Count = count, Interval = TimeSpan.FromMilliseconds(1) };
        return DemoProgram.RunAsync(_config.Nodes, options, _output, CancellationToken.None).WaitAsync(Soon);
    }
}
