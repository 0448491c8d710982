namespace Ouroboros.Tests.Simulation.Congestion;

/// <summary>Flows with mb-ecn that share a link: it is used, it is shared, and next to nothing is lost.</summary>
public sealed class CongestionSimulation
{
    [TestCase(1, 250_000, 64)]
    [TestCase(1, 50_000, 1400)]
    [TestCase(5, 250_000, 64)]
    [TestCase(5, 50_000, 1400)]
    [TestCase(5, 10_000, 1400)]
    [TestCase(20, 250_000, 64)]
    public void Flows_use_the_link_and_lose_little(int flows, int packetsPerSecond, int size)
    {
        var link = new Bottleneck(flows, packetsPerSecond) { Size = size };
        // Nobody knows the link yet.
        link.Run(TimeSpan.FromSeconds(1));
        var (sent, lost, received) = (Sent(link), link.Lost, link.Flows.Sum(f => f.Received));
        link.Run(TimeSpan.FromSeconds(1));
        var loss = (double)(link.Lost - lost) / (Sent(link) - sent);
        var use = (double)(link.Flows.Sum(f => f.Received) - received) / packetsPerSecond;
        TestContext.Out.WriteLine($"use {use:P1}, lost {loss:P2}, longest queue {link.LongestQueue}");
        Assert.That(use, Is.GreaterThan(0.85));
        Assert.That(loss, Is.LessThan(0.01));
    }

    [Test]
    public void A_flow_that_comes_later_gets_its_share()
    {
        var link = new Bottleneck(2, 100_000);
        link.Flows[1].StartsAt = 2_000_000_000;
        link.Run(TimeSpan.FromSeconds(7));
        var before = link.Flows.Select(f => f.Received).ToArray();
        link.Run(TimeSpan.FromSeconds(2));
        var shares = link.Flows.Select((f, i) => f.Received - before[i]).ToArray();
        TestContext.Out.WriteLine($"{shares[0]:N0} and {shares[1]:N0} packets in two seconds");
        Assert.That(shares.Min(), Is.GreaterThan(shares.Max() / 3));
    }

    private static long Sent(Bottleneck link) => link.Flows.Sum(f => f.Sent);
}
