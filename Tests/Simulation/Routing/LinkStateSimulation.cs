using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Tests.Simulation.Routing;

/// <summary>Networks of link-state cores: do all find the right ways, and how soon?</summary>
public sealed class LinkStateSimulation
{
    private const int Seeds = 1000;

    [Test]
    public void A_thousand_random_networks_with_failures_and_restarts_settle_on_the_right_ways()
    {
        var failures = new List<string>();
        Parallel.For(0, Seeds, seed =>
        {
            if (Run(seed) is not { } wrong) return;
            lock (failures) failures.Add($"seed {seed}: {wrong}");
        });
        Assert.That(failures, Is.Empty, "run one again with the test case of its seed");
    }

    /// <summary>For the seed of a failure.</summary>
    [TestCase(0)]
    public void One_of_them(int seed) => Assert.That(Run(seed), Is.Null, $"seed {seed}");

    [Test]
    public void A_thousand_routers_know_of_a_failure_within_the_update_interval_and_the_way_across()
    {
        const int Members = 1000;
        const int MaxDelay = 20;
        var random = new Random(1);
        var config = LinkStateConfig.Default with { Update = TimeSpan.FromSeconds(60), Timeout = TimeSpan.FromSeconds(180) };
        var network = new LinkStateNetwork(Members, config, 1, loss: 0.01);
        var links = Topologies.Connected(Members, 700, random);
        network.Teach(links);
        foreach (var (a, b) in links) network.Connect(a, b, random.Next(1, MaxDelay));
        network.Advance(2000);
        Assert.That(network.Check(), Is.Null, "before anything fails");
        var worst = 0L;
        for (var n = 0; n < 8; n++)
        {
            var (a, b) = network.Links.ElementAt(random.Next(links.Count - n));
            network.Fail(a, b, detection: 0);
            var since = network.Now;
            // The longest way across, the gathering of changes, then one more round of announcements for who lost them.
            var limit = 60_000 + (200 * MaxDelay);
            var step = 50;
            while (network.Check() is { } wrong)
            {
                Assert.That(network.Now - since, Is.LessThanOrEqualTo(limit), wrong);
                network.Advance(step);
                step = Math.Min(step * 2, 5000);
            }
            worst = Math.Max(worst, network.Now - since);
        }
        TestContext.Out.WriteLine($"worst convergence {worst} ms, {network.Messages} messages");
    }

    private static string? Run(int seed)
    {
        var random = new Random(seed);
        var members = random.Next(2, 24);
        var loss = random.Next(3) switch { 0 => 0, 1 => 0.01, _ => 0.03 };
        // Nothing is acknowledged: on long lossy ways a link lives only if one of several announcements gets across before it ages out.
        var config = LinkStateConfig.Default with { Policy = random.Next(3), Update = TimeSpan.FromSeconds(random.Next(1, 9)) };
        var network = new LinkStateNetwork(members, config, seed, loss);
        var links = Topologies.Connected(members, random.Next(members), random);
        foreach (var (a, b) in links)
        {
            network.Connect(a, b, random.Next(1, 50));
            if (random.Next(2) == 0) network.Advance(random.Next(500));
        }
        var down = new List<(int A, int B)>();
        var stopped = new HashSet<int>();
        for (var n = random.Next(1, 12); n > 0; n--)
        {
            var up = network.Links.ToList();
            switch (random.Next(4))
            {
                case 0 when up.Count > 0:
                    var failing = up[random.Next(up.Count)];
                    network.Fail(failing.A, failing.B, random.Next(2000));
                    down.Add(failing);
                    break;
                case 1 when down.Count > 0:
                    var back = down[random.Next(down.Count)];
                    if (stopped.Contains(back.A) || stopped.Contains(back.B)) break;
                    // Both ends have noticed by now that it was down.
                    network.Advance(2001);
                    down.Remove(back);
                    network.Connect(back.A, back.B, random.Next(1, 50));
                    break;
                case 2 when stopped.Count < members - 1:
                    var victim = random.Next(members);
                    if (!stopped.Add(victim)) break;
                    down.AddRange(up.Where(l => l.A == victim || l.B == victim));
                    network.Stop(victim, random.Next(2000));
                    break;
                case 3 when stopped.Count > 0:
                    var again = stopped.First();
                    network.Advance(2001);
                    stopped.Remove(again);
                    network.Start(again);
                    foreach (var link in down.Where(l => (l.A == again && !stopped.Contains(l.B)) || (l.B == again && !stopped.Contains(l.A))).ToList())
                    {
                        down.Remove(link);
                        network.Connect(link.A, link.B, random.Next(1, 50));
                    }
                    break;
            }
            network.Advance(random.Next(3000));
        }
        // One round of announcements, and more for what was lost.
        network.Advance(4000 + (long)(config.Clamped().Update.TotalMilliseconds * (loss == 0 ? 1 : loss < 0.02 ? 4 : 6)));
        return network.Check() is { } wrong ? $"{wrong} (loss {loss}, update {config.Update.TotalSeconds} s, {members} members)" : null;
    }
}
