using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Frcp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>A paced sender spreads what it may have under way over the round trip; one whose peer does not offer pacing sends as acknowledgements come.</summary>
public sealed class PacingSimulation
{
    private const long Millisecond = 1_000_000;
    private const long Slice = 10 * Millisecond;

    [Test]
    public void A_paced_sender_never_sends_a_large_part_of_its_window_at_once([Values] bool paced)
    {
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        using var flow = new SimFlow(
            pool, 3, QosSpec.Data, new LinkQuality { Delay = 50 * Millisecond }, null, FrcpFeatures.All, paced ? FrcpFeatures.All : FrcpFeatures.All & ~FrcpFeatures.Pacing);
        var sent = new List<long>();
        flow.Forward.Filter = packet =>
        {
            if ((packet[0] & (byte)FrcpFlags.Data) != 0) sent.Add(flow.Clock.Now);
            return false;
        };
        var there = new Conversation(flow.A, flow.B, 4000, 1000, 5);
        while (!there.IsComplete)
        {
            there.Write();
            Assert.That(there.Read(int.MaxValue, mayskip: false), Is.Null);
            Assert.That(flow.Clock.Now, Is.LessThan(600_000 * Millisecond), "stuck");
            if (!there.IsComplete) flow.Clock.Step(flow.Clock.Now + Millisecond);
        }
        var window = flow.A.Statistics!.CongestionWindow;
        // The first round trip is the start window, for which nothing is known yet.
        var start = sent[0] + (150 * Millisecond);
        var most = sent.Where(t => t >= start).GroupBy(t => t / Slice).Max(g => g.Count());
        TestContext.Out.WriteLine($"at most {most} packets in 10 ms, window {window}, all within {(sent[^1] - sent[0]) / 1e9:F2} s");
        Assert.That(sent, Has.Count.EqualTo(4000));
        // A tenth of the round trip: a tenth of the window, a quarter more because the window grows, and a burst of two milliseconds.
        if (paced) Assert.That(most, Is.LessThanOrEqualTo((window * 1.25 * 12 / 100) + 8));
        else Assert.That(most, Is.GreaterThan(window / 4), "without pacing, what a round trip brought leaves together");
    }
}
