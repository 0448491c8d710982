using System.CommandLine;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Samples.DhtSimulation;
using Ouroboros.Samples.DhtSimulation.Simulation;
using Spectre.Console;

var nodes = new Option<int[]>("--nodes") { Description = "Numbers of nodes, without churn", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [100, 1000, 10_000] };
var churn = new Option<double[]>("--churn") { Description = "Percent of the nodes that are replaced in a minute", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [0, 2, 5, 10, 20] };
var churnNodes = new Option<int>("--churn-nodes") { Description = "Nodes of the runs with churn", DefaultValueFactory = _ => 2000 };
var loss = new Option<double>("--loss") { Description = "Percent of the messages that are lost in the runs with churn", DefaultValueFactory = _ => 5 };
var lookups = new Option<int>("--lookups") { Description = "Look-ups of each run", DefaultValueFactory = _ => 10_000 };
var minutes = new Option<double>("--minutes") { Description = "Virtual minutes over which they are spread", DefaultValueFactory = _ => 5 };
var k = new Option<int>("--k") { Description = "Bucket size, contacts per answer, copies of a value", DefaultValueFactory = _ => 8 };
var alpha = new Option<int>("--alpha") { Description = "Nodes that a look-up asks at a time", DefaultValueFactory = _ => 3 };
var threads = new Option<int>("--threads") { Description = "Parts of the network that run at the same time; the run depends on it as on the seed", DefaultValueFactory = _ => 2 };
var live = new Option<int>("--live") { Description = "Runs so many live actors in real time instead of simulations; 0 = none", DefaultValueFactory = _ => 0 };
var settle = new Option<double>("--settle") { Description = "With --live: seconds between the last join and the first look-up", DefaultValueFactory = _ => 180 };
var seed = new Option<int>("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };
var plot = new Option<string>("--plot") { Description = "File of the plot (SVG)", DefaultValueFactory = _ => "dht-simulation.svg" };
Range(nodes, 2, 1_000_000);
Range(churn, 0, 100);
Range(churnNodes, 2, 1_000_000);
Range(loss, 0, 90);
Range(lookups, 1, 100_000_000);
Range(minutes, 0.1, 1440);
Range(k, 1, DhtOptions.MaxK);
Range(live, 0, 1_000_000);
Range(settle, 0, 86_400);
Range(threads, 1, 64);
Range(alpha, 1, DhtOptions.MaxAlpha);

var command = new RootCommand("Simulates a directory: the cores that production runs, in virtual time, with latency, loss and churn.")
{
    nodes, churn, churnNodes, loss, lookups, minutes, k, alpha, threads, live, settle, seed, plot,
};
command.SetAction(parsed =>
{
    var template = new SimulationOptions
    {
        Loss = parsed.GetValue(loss) / 100,
        Lookups = parsed.GetValue(lookups),
        Duration = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
        Partitions = parsed.GetValue(threads),
        Seed = parsed.GetValue(seed),
        Dht = new DhtOptions { K = parsed.GetValue(k), Alpha = parsed.GetValue(alpha) },
    };
    var sweep = Sweep.Make(parsed.GetValue(nodes)!, parsed.GetValue(churn)!.Select(c => c / 100), parsed.GetValue(churnNodes), template);
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, e) =>
    {
        e.Cancel = true;
        stop.Cancel();
    };
    try
    {
        if (parsed.GetValue(live) > 1)
        {
            var run = LiveProgram.RunAsync(
                parsed.GetValue(live), template.Lookups, TimeSpan.FromSeconds(parsed.GetValue(settle)), template.Seed, template.Dht, AnsiConsole.Console, stop.Token);
            var result = run.GetAwaiter().GetResult();
            return result.Found == result.Lookups ? 0 : 1;
        }
        SimulationProgram.Run(sweep, parsed.GetValue(plot), AnsiConsole.Console, stop.Token);
        return 0;
    }
    catch (OperationCanceledException)
    {
        return 1;
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"dhtsimulation: {e.Message}; choose another file with --plot");
        return 1;
    }
});
return command.Parse(args).Invoke();

static void Range<T>(Option<T> option, double least, double most) => option.Validators.Add(result =>
{
    var values = result.GetValueOrDefault<T>() switch
    {
        int[] many => many.Select(n => (double)n),
        double[] many => many,
        int one => [one],
        double one => [one],
        _ => [],
    };
    foreach (var value in values)
    {
        if (!(value >= least && value <= most)) result.AddError($"{option.Name} {value}: give {least} to {most}");
    }
});
