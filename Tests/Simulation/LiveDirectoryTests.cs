using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Samples.DhtSimulation.Live;

namespace Ouroboros.Tests.Simulation;

/// <summary>The directory as live actors, on a clock that the test moves when everything is at rest; the figure for 100,000 is in Tests/Benchmarks/README.md.</summary>
public sealed class LiveDirectoryTests
{
    [Test]
    public async Task Two_thousand_live_actors_under_one_parent_find_every_name()
    {
        var time = new ManualTimeProvider();
        await using var directory = new LiveDirectory(2000, 1, time, new DhtOptions { Replicate = TimeSpan.FromMinutes(1) });
        await directory.JoinAsync(async _ =>
        {
            await directory.SettleAsync();
            time.Advance(TimeSpan.FromMilliseconds(50));
        });
        // Names that were published while the layer was small are published again within this time: every 3.75 s at first.
        for (var i = 0; i < 150; i++)
        {
            await directory.SettleAsync();
            // No longer than a request is waited for: the clock must not pass by an answer that is on its way.
            time.Advance(TimeSpan.FromMilliseconds(100));
        }
        await directory.SettleAsync();
        // Messages take no time here, and none is lost: nothing that is asked waits for the clock.
        var found = await directory.LookUpAsync(2000, static _ => { });
        Assert.That(found, Is.EqualTo(2000));
        var result = directory.Result(2000, found);
        Assert.That(result.MemoryPerActor, Is.LessThan((8L << 30) / 100_000));
        TestContext.Out.WriteLine($"{result.MemoryPerActor} B an actor, {result.Messages} messages");
    }
}
