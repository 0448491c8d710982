using System.Collections.Concurrent;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>
/// Ten thousand seeds: a reliable flow over a link that loses up to 60 % of the packets, repeats, reorders, delays and damages them delivers every
/// byte exactly once and in order, or reports a dead peer; and every packet comes back to the pool. To replay one: <c>FLOW_SEED=n</c>.
/// </summary>
public sealed class ReliableFlowSimulation
{
    private const int Seeds = 10_000;

    [Test]
    public void Every_byte_arrives_exactly_once_in_order_or_the_peer_is_reported_dead()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("FLOW_SEED"), out var seed))
        {
            using var one = NewPool();
            Assert.That(Play(seed, one, out var scenario), Is.Null, scenario.ToString());
            return;
        }
        var failures = new ConcurrentBag<string>();
        long time = 0;
        long dead = 0, retransmissions = 0, deadInGoodLinks = 0, next = -1;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            using var pool = NewPool();
            long number;
            while ((number = Interlocked.Increment(ref next)) < Seeds && failures.IsEmpty)
            {
                if (Play((int)number, pool, out var scenario) is { } wrong) failures.Add($"{wrong}\n  {scenario}\n  replay with FLOW_SEED={number}");
                Interlocked.Add(ref retransmissions, scenario.Retransmissions);
                Interlocked.Add(ref time, scenario.Duration / 1_000_000);
                if (!scenario.ReportedDead) continue;
                Interlocked.Increment(ref dead);
                if (scenario.CutAt is null && scenario.Loss < 0.4) Interlocked.Increment(ref deadInGoodLinks);
            }
        });
        Assert.That(failures, Is.Empty, string.Join("\n", failures));
        TestContext.Out.WriteLine($"{Seeds} seeds, {dead} peers reported dead, {retransmissions} retransmissions, {time / 1000.0 / Seeds:F1} s of virtual time each; {deadInGoodLinks} reported dead on links that lose less than 40 %");
        Assert.That(deadInGoodLinks, Is.LessThan(Seeds / 1000), "links that lose less than 40 % of the packets are no reason to give up");
        Assert.That(retransmissions, Is.GreaterThan(Seeds), "the links lost something");
    }

    private static PacketPool NewPool() => PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });

    private static string? Play(int seed, PacketPool pool, out Scenario scenario)
    {
        scenario = new Scenario(seed);
        try
        {
            var wrong = scenario.Run(pool);
            return wrong ?? (pool.Outstanding == 0 ? null : $"{pool.Outstanding} packets have not come back");
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }
}
