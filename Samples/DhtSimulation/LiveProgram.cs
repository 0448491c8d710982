using System.Globalization;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Samples.DhtSimulation.Live;
using Spectre.Console;

namespace Ouroboros.Samples.DhtSimulation;

/// <summary>Runs a directory of live actors under a progress bar and prints what it showed.</summary>
public static class LiveProgram
{
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    /// <summary>Runs it, in real time.</summary>
    /// <param name="actors">How many.</param>
    /// <param name="lookups">Look-ups.</param>
    /// <param name="settle">Time between the last join and the first look-up.</param>
    /// <param name="seed">Seed of who joins through whom and of what is looked up.</param>
    /// <param name="options">Parameters of the directory.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="stop">Ends it early.</param>
    public static async Task<LiveResult> RunAsync(
        int actors, int lookups, TimeSpan settle, int seed, DhtOptions options, IAnsiConsole console, CancellationToken stop)
    {
        var directory = new LiveDirectory(actors, seed, TimeProvider.System, options);
        await using (directory.ConfigureAwait(false))
        {
            var result = await console.Progress().AutoClear(false)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
                .StartAsync(async progress =>
                {
                    var joining = progress.AddTask("joining", maxValue: actors);
                    var settling = progress.AddTask("settling", autoStart: false, maxValue: Math.Max(settle.TotalSeconds, 1));
                    var looking = progress.AddTask("looking up", autoStart: false, maxValue: lookups);
                    await directory.JoinAsync(joined =>
                    {
                        stop.ThrowIfCancellationRequested();
                        joining.Value = joined;
                        return Task.CompletedTask;
                    }).ConfigureAwait(false);
                    for (var left = settle; left > TimeSpan.Zero; left -= s_step)
                    {
                        await Task.Delay(s_step, stop).ConfigureAwait(false);
                        settling.Value = (settle - left + s_step).TotalSeconds;
                    }
                    settling.Value = settling.MaxValue;
                    var found = await directory.LookUpAsync(lookups, done => looking.Value = done).ConfigureAwait(false);
                    return directory.Result(lookups, found);
                }).ConfigureAwait(false);
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Actors:N0} live actors: {result.Found:N0} of {result.Lookups:N0} look-ups found the name; {result.MemoryPerActor:N0} B of managed memory an actor, "
                + $"{result.PeakMemory / 1048576.0:N0} MiB in all at most; {result.Messages:N0} messages in {result.Elapsed.TotalSeconds:F0} s"));
            return result;
        }
    }
}
