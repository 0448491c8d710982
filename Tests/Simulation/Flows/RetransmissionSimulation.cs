using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>How much more a sender of bulk data sends again than was lost. Packets that leave together overtake each other where the link reorders.</summary>
public sealed class RetransmissionSimulation
{
    private const int Messages = 4000;

    [Test]
    public void Bulk_data_is_sent_again_little_more_often_than_it_is_lost(
        [Values(0.01, 0.05, 0.10)] double loss, [Values] bool reference, [Values(100_000L, 20_000_000L)] long delay, [Values] bool reorders)
    {
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        var offer = reference ? FrcpFeatures.None : FrcpFeatures.All;
        using var flow = new SimFlow(
            pool, 17, QosSpec.Data, new LinkQuality { Loss = loss, Delay = delay, Jitter = reorders ? delay / 20 : 0 }, null, offer, offer);
        var there = new Conversation(flow.A, flow.B, Messages, 1000, 5);
        var start = flow.Clock.Now;
        while (!there.IsComplete)
        {
            there.Write();
            Assert.That(there.Read(int.MaxValue, mayskip: false), Is.Null);
            if (there.IsComplete) break;
            Assert.That(flow.Clock.Now - start, Is.LessThan(600_000_000_000), "stuck");
            flow.Clock.Step(flow.Clock.Now + 100_000_000);
        }
        var sender = flow.A.Statistics!;
        var again = (double)sender.Retransmissions / sender.DataSent;
        TestContext.Out.WriteLine(
            $"{(flow.Clock.Now - start) / 1e9:F2} s, sent again {again:P2} with {(double)flow.Forward.Lost / flow.Forward.Sent:P2} lost, "
            + $"time-outs {sender.Timeouts}, found lost {sender.FoundLost}, probes {sender.Probes}, window {sender.CongestionWindow}");
        // A peer without selective acknowledgements does not say which ones are missing.
        Assert.That(again, Is.LessThan(reference ? (2 * loss) + 0.05 : (1.2 * loss) + 0.025));
    }
}
