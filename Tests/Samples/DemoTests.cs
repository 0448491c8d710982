using Ouroboros.Runtime.Configuration;
using Ouroboros.Samples.Demo;
using Ouroboros.Samples.Oping;

namespace Ouroboros.Tests.Samples;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DemoTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly ToolOutput _output = new();

    [Test]
    public async Task From_its_own_configuration_it_prints_what_the_README_promises_and_ends_with_0()
    {
        Assert.That(await Run(count: 5), Is.Zero, _output.Text);

        var lines = _output.Lines;
        Assert.That(lines.Count(l => l == "Pinging oping with 64 bytes of data (5 packets):"), Is.EqualTo(2));
        Assert.That(lines.Count(l => l.StartsWith("64 bytes from oping: seq=") && (l.EndsWith(" ms") || l.EndsWith(" µs"))), Is.EqualTo(10));
        Assert.That(lines.Count(l => l.StartsWith("5 packets transmitted, 5 received, 0 out-of-order, 0% packet loss, time: ")), Is.EqualTo(2));
        Assert.That(lines, Has.One.Contains("direct, no layer in between"));
        Assert.That(lines, Has.One.Contains("through local lo"));
        Assert.That(lines[^1], Is.EqualTo("10 of 10 packets came back."));
    }

    [Test]
    public async Task It_shows_layers_flows_and_actors_while_the_flows_are_alive()
    {
        Assert.That(await Run(count: 1), Is.Zero, _output.Text);

        Assert.That(_output.Text, Does.Contain(
            """
            +---------+----------------------+------------+----------------------+
            |     pid |                 name |       type |                layer |
            +---------+----------------------+------------+----------------------+
            |       1 |                   lo |      local |           demo-layer |
            +---------+----------------------+------------+----------------------+


            """));
        var flows = _output.Lines.Where(l => l.Contains("Allocated")).ToList();
        Assert.That(flows, Has.Count.EqualTo(3), "a direct flow is one, a flow through the layer has two ends");
        Assert.That(flows, Has.One.Contains("direct: "));
        Assert.That(flows, Has.Exactly(2).Contains("local lo"));
        foreach (var actor in new[] { "/irmd ", "/ipcps ", "/lo ", "/flows ", "/applications " })
        {
            Assert.That(_output.Lines, Has.One.Match($@"^ *{actor} *\w+ +running +\d+ +0$"), actor);
        }
        Assert.That(_output.Lines, Has.Exactly(4).Match(@"^ +/\d+ +FlowActor +running "), "one for each flow and one for the next accept");
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
        var running = DemoProgram.RunAsync(
            HoconConfig.LoadFile(DemoProgram.DefaultConfiguration), new OpingOptions { Interval = TimeSpan.FromSeconds(10) }, _output, stop.Token);
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
    public void Without_a_layer_that_knows_the_name_it_fails_with_the_reason()
    {
        var config = HoconConfig.LoadFile(DemoProgram.DefaultConfiguration) with { Ipcps = [] };
        var error = Assert.ThrowsAsync<FlowException>(() => DemoProgram.RunAsync(config, new OpingOptions { Count = 1, Interval = TimeSpan.Zero }, _output, CancellationToken.None));
        Assert.That(error!.Error, Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public void Its_configuration_is_valid_and_registers_the_name_in_a_layer()
    {
        var config = HoconConfig.LoadFile(DemoProgram.DefaultConfiguration);
        Assert.That(config.Warnings, Is.Empty);
        Assert.That(config.Ipcps.Single().Register, Does.Contain("oping"));
    }

    private Task<int> Run(int count)
    {
        var options = new OpingOptions { Count = count, Interval = TimeSpan.FromMilliseconds(1) };
        return DemoProgram.RunAsync(HoconConfig.LoadFile(DemoProgram.DefaultConfiguration), options, _output, CancellationToken.None).WaitAsync(Soon);
    }
}
