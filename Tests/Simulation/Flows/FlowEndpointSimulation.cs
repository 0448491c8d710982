using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>Whole endpoints over a link, one property each, in virtual time.</summary>
public sealed class FlowEndpointSimulation : PoolTest
{
    private static readonly QosSpec Reliable = QosSpec.Data with { BitErrorRate = 1 };
    private static readonly QosSpec BestEffort = QosSpec.BestEffort with { BitErrorRate = 1 };

    [Test]
    public void A_one_way_unreliable_flow_never_stalls_whatever_the_peer_offers([Values] bool offers)
    {
        // The reference stops after 64 packets, or after 256 losses.
        var offer = offers ? FrcpFeatures.All : FrcpFeatures.None;
        using var flow = new SimFlow(Pool, 3, BestEffort, new LinkQuality { Loss = 0.1, Delay = 200_000 }, null, offer, offer);
        var talk = new Conversation(flow.A, flow.B, 100_000, 40, 4);
        while (flow.Clock.Now < 600_000_000_000 && talk.Received < 99_900)
        {
            talk.Write();
            flow.Clock.Step(flow.Clock.Now + 100_000);
            Assert.That(talk.Read(int.MaxValue, mayskip: true), Is.Null);
        }
        Assert.That(talk.Received, Is.GreaterThanOrEqualTo(99_900));
        Assert.That(talk.Skipped, Is.InRange(9_000, 11_000));
    }

    [Test]
    public void A_vanished_peer_is_reported_at_its_time_out_and_not_before([Values("raw", "best", "data")] string name)
    {
        QosSpec.TryFromName(name, out var qos);
        using var flow = new SimFlow(Pool, 1, qos with { Timeout = 1000, BitErrorRate = 1 }, new LinkQuality { Delay = 1_000_000 });
        flow.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.That(SimFlow.IsDown(flow.A) || SimFlow.IsDown(flow.B), Is.False, "keepalives keep an idle flow alive");
        Assert.That(flow.Forward.Sent, Is.InRange(70, 90), "one each 250 ms");
        flow.Back.IsCut = true;
        flow.Clock.Advance(TimeSpan.FromMilliseconds(700));
        Assert.That(SimFlow.IsDown(flow.A), Is.False);
        // A raw flow reads the clock in its timer only, so the silence of its peer counts from the next one, a quarter of the time-out later.
        flow.Clock.Advance(TimeSpan.FromMilliseconds(310 + (name == "raw" ? 250 : 0)));
        Assert.That(flow.A.State, Is.EqualTo(RingState.PeerDead));
        Assert.That(flow.A.TryRead(out Packet _), Is.EqualTo(FlowError.PeerDead));
        Assert.That(flow.A.TryWrite(new byte[10]), Is.EqualTo(FlowError.PeerDead));
        var sent = flow.Forward.Sent;
        flow.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(flow.Forward.Sent, Is.EqualTo(sent), "a dead peer gets no keepalives");
        Assert.That(SimFlow.IsDown(flow.B), Is.True, "and notices itself");
    }

    [Test]
    public void An_idle_encrypted_flow_lives_by_keepalives_that_are_not_encrypted()
    {
        var ciphers = new CipherPair(CipherAlgorithm.Aes256Gcm, 4, 1);
        using var flow = new SimFlow(Pool, 1, QosSpec.Raw with { Timeout = 1000, BitErrorRate = 1 }, new LinkQuality { Delay = 1_000_000 }, ciphers: ciphers);
        flow.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.That(SimFlow.IsDown(flow.A) || SimFlow.IsDown(flow.B), Is.False);
        Assert.That(flow.Forward.Sent, Is.InRange(70, 90), "one each 250 ms");
        Assert.That((ciphers.A.Counts, ciphers.B.Counts), Is.EqualTo((default(PacketCipherCounts), default(PacketCipherCounts))), "of length 0, past the ciphers");
    }

    [Test]
    public void Two_ends_that_agree_on_it_miss_each_other_sooner_than_the_flow_was_allocated_for([Values(0u, 120_000u)] uint timeout)
    {
        using var flow = new SimFlow(Pool, 1, QosSpec.Raw with { Timeout = timeout }, new LinkQuality { Delay = 1_000_000 });
        flow.A.Watch(TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(500));
        flow.B.Watch(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500));
        flow.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.That(SimFlow.IsDown(flow.A) || SimFlow.IsDown(flow.B), Is.False);
        flow.Forward.IsCut = flow.Back.IsCut = true;
        flow.Clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(SimFlow.IsDown(flow.B), Is.False);
        flow.Clock.Advance(TimeSpan.FromSeconds(0.7));
        Assert.That((SimFlow.IsDown(flow.A), SimFlow.IsDown(flow.B)), Is.EqualTo((false, true)));
        flow.Clock.Advance(TimeSpan.FromSeconds(2.1));
        Assert.That(SimFlow.IsDown(flow.A), Is.True);
    }

    [Test]
    public void A_raw_flow_whose_user_does_not_read_keeps_its_peer()
    {
        using var flow = new SimFlow(Pool, 1, QosSpec.Raw with { Timeout = 1000 }, new LinkQuality());
        flow.A.TryWrite(new byte[10]);
        flow.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That(SimFlow.IsDown(flow.B), Is.False, "what arrives counts when it arrives");
        Assert.That(flow.B.TryRead(out Packet packet), Is.EqualTo(FlowError.None));
        packet.Dispose();
    }

    [Test]
    public void A_peer_that_never_reads_holds_the_writer_up_and_memory_stays_bounded()
    {
        using var flow = new SimFlow(Pool, 1, Reliable, new LinkQuality());
        var written = 0;
        for (var i = 0; i < 3000; i++)
        {
            while (flow.A.TryWrite(new byte[100]) == FlowError.None) written++;
            flow.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
        Assert.That(written, Is.InRange(256, 256 + 64 + 1));
        Assert.That(Pool.Outstanding, Is.LessThan(1000));
        Assert.That(SimFlow.IsDown(flow.A), Is.False, "it answers, so it lives");
        Assert.That(flow.A.Statistics!.RendezvousSent, Is.InRange(10, 100));
        var read = 0;
        while (read < written)
        {
            while (flow.B.TryRead(out Packet packet) == FlowError.None)
            {
                packet.Dispose();
                read++;
            }
            flow.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    [Test]
    public void A_message_larger_than_a_packet_needs_a_peer_that_offers_to_put_it_together([Values] bool offers)
    {
        using var flow = new SimFlow(Pool, 1, Reliable, new LinkQuality { Delay = 10_000_000 }, null, FrcpFeatures.All, offers ? FrcpFeatures.All : FrcpFeatures.None);
        var message = new byte[1_000_000];
        new Random(1).NextBytes(message);
        Assert.That(flow.A.TryWrite(message), Is.EqualTo(FlowError.TryAgain), "it is being asked");
        flow.Clock.Advance(TimeSpan.FromSeconds(offers ? 0.1 : 3.1));
        Assert.That(flow.A.TryWrite(message), Is.EqualTo(offers ? FlowError.None : FlowError.MessageTooLong));
        if (!offers) return;
        flow.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(flow.B.TryRead(out Packet packet), Is.EqualTo(FlowError.None));
        Assert.That(packet.Span.SequenceEqual(message), Is.True);
        packet.Dispose();
    }

    [Test]
    public void A_layer_that_is_full_loses_nothing()
    {
        using var flow = new SimFlow(Pool, 1, Reliable, new LinkQuality());
        var talk = new Conversation(flow.A, flow.B, 500, 100, 1);
        for (var i = 0; i < 2000 && !talk.IsComplete; i++)
        {
            flow.Forward.IsFull = i % 3 == 0;
            talk.Write();
            flow.Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.That(talk.Read(int.MaxValue, mayskip: false), Is.Null);
        }
        Assert.That(talk.IsComplete, Is.True);
    }
}
