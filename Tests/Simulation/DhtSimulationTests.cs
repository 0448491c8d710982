using System.Xml.Linq;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Samples.DhtSimulation;
using Ouroboros.Samples.DhtSimulation.Report;
using Ouroboros.Samples.DhtSimulation.Simulation;
using Spectre.Console;

namespace Ouroboros.Tests.Simulation;

/// <summary>The bars of the directory at sizes that a test run can afford; the full ones are in Tests/Benchmarks/README.md.</summary>
public sealed class DhtSimulationTests
{
    private static readonly SimulationOptions s_small = new()
    {
        Nodes = 200,
        Lookups = 500,
        Settle = TimeSpan.FromMinutes(2),
        Duration = TimeSpan.FromMinutes(1),
    };

    [Test]
    public void Without_churn_every_look_up_succeeds_within_four_hops_and_twenty_requests([Values(1, 2)] int seed)
    {
        var result = DhtSimulator.Run(s_small with { Nodes = 1500, Lookups = 3000, Seed = seed });
        Assert.That(result.Lookups, Is.EqualTo(3000));
        Assert.That(result.Succeeded, Is.EqualTo(3000));
        Assert.That(result.Hops.Percentile(0.5), Is.LessThanOrEqualTo(4));
        Assert.That(result.Requests.Percentile(0.5), Is.LessThanOrEqualTo(20));
        Assert.That(result.MemoryPerNode, Is.LessThan((8L << 30) / 100_000));
        Assert.That(result.Checked, Is.GreaterThan(100));
    }

    [Test]
    public void With_a_tenth_of_the_nodes_replaced_a_minute_and_a_twentieth_of_the_messages_lost_999_of_1000_look_ups_succeed()
    {
        var result = DhtSimulator.Run(s_small with
        {
            Nodes = 1000,
            Lookups = 4000,
            ChurnPerMinute = 0.1,
            Loss = 0.05,
            Duration = TimeSpan.FromMinutes(5),
        });
        Assert.That(result.Replaced, Is.EqualTo(500));
        Assert.That(result.Lookups, Is.GreaterThan(3950));
        Assert.That(result.SuccessRate, Is.GreaterThanOrEqualTo(0.999));
    }

    [Test]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var churning = s_small with { ChurnPerMinute = 0.2, Loss = 0.1 };
        var first = DhtSimulator.Run(churning);
        var again = DhtSimulator.Run(churning);
        var other = DhtSimulator.Run(churning with { Seed = 2 });
        Assert.That((again.Fingerprint, again.Messages, again.Succeeded), Is.EqualTo((first.Fingerprint, first.Messages, first.Succeeded)));
        Assert.That(other.Fingerprint, Is.Not.EqualTo(first.Fingerprint));
    }

    [Test]
    public void Other_parameters_work_too([Values(2, 20)] int k, [Values(1, 10)] int alpha)
    {
        var result = DhtSimulator.Run(s_small with { Dht = new DhtOptions { K = k, Alpha = alpha } });
        Assert.That(result.SuccessRate, Is.GreaterThanOrEqualTo(0.99));
    }

    [Test]
    public void A_run_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        Assert.That(
            () => DhtSimulator.Run(s_small, (phase, _) => { if (phase == SimulationPhase.Settling) stop.Cancel(); }, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void The_program_shows_progress_and_a_table_and_writes_a_plot()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        var plot = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"plot-{Guid.NewGuid():N}.svg");
        try
        {
            var sweep = Sweep.Make([100, 200], [0, 0.1], 100, s_small with { Loss = 0.05 });
            var results = SimulationProgram.Run(sweep, plot, console, default);
            Assert.That(results.Select(r => r.Options), Is.EqualTo(sweep.All));
            Assert.That(output.ToString(), Does.Contain("requests").And.Contain("messages/s"));
            var svg = XDocument.Load(plot).Root!;
            XNamespace ns = "http://www.w3.org/2000/svg";
            Assert.That(svg.Descendants(ns + "polyline").Count(), Is.EqualTo(11), "two lines in four charts of effort, one of success, two of latency");
        }
        finally
        {
            File.Delete(plot);
        }
    }

    [Test]
    public void A_plot_of_one_run_is_drawn_too()
    {
        var result = DhtSimulator.Run(s_small with { Nodes = 50, Lookups = 50 });
        Assert.That(() => XDocument.Parse(SimulationPlot.Draw([result], [])), Throws.Nothing);
        Assert.That(() => XDocument.Parse(SimulationPlot.Draw([], [result])), Throws.Nothing);
    }
}
