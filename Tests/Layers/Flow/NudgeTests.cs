using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Frcp.Wire;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>
/// A reference reads one packet of its ring for each that arrives, and now and then misses one: what it has left there is read only when as many more
/// have come. Seen live with packets lost; the peers here offer nothing, as it.
/// </summary>
public sealed class NudgeTests
{
    private const uint First = 1000;
    private static readonly FrcpParameters Parameters = new() { Reliable = true };
    private static readonly FrcpParameters Reference = Parameters with { Offer = FrcpFeatures.None };
    private static readonly Packets Peer = new();

    [Test]
    public void Every_message_crosses_to_a_peer_that_leaves_packets_in_its_ring([Values(0, 0.02, 0.10)] double loss, [Values(1, 2, 3)] int seed)
    {
        const int messages = 200;
        var random = new Random(seed);
        using var ours = new CoreRig(Parameters, 1);
        using var theirs = new CoreRig(Reference, First);
        var ring = new Queue<byte[]>();
        var (sent, mostLeft) = (0, 0);
        for (var step = 0; theirs.Delivered.Count < messages || ours.Delivered.Count < messages; step++)
        {
            Assert.That(step, Is.LessThan(60_000), $"stuck for a minute: {theirs.Delivered.Count} there, {ours.Delivered.Count} back, {ring.Count} in the ring");
            if (sent < messages && ours.Core.CanSend(ours.Now) && ours.Send((byte)sent)) sent++;
            foreach (var packet in Take(ours))
            {
                if (random.NextDouble() < loss) continue;
                ring.Enqueue(packet);
                // One that is missed stays for good: from then on everything is late by one more.
                if (packet.Length > FrcpHeader.Length && random.NextDouble() < 0.05) continue;
                if (ring.Dequeue() is { Length: > 0 } read) theirs.Receive(read);
            }
            while (theirs.Delivered.Count > theirs.Answered && theirs.Core.CanSend(theirs.Now) && theirs.Send(theirs.Delivered[theirs.Answered])) theirs.Answered++;
            foreach (var packet in Take(theirs).Where(packet => packet.Length > 0 && random.NextDouble() >= loss)) ours.Receive(packet);
            mostLeft = Math.Max(mostLeft, ring.Count);
            ours.Pass(CoreRig.Ms);
            theirs.Pass(CoreRig.Ms);
        }
        Assert.That(mostLeft, Is.GreaterThan(1), "nothing was ever left: this shows nothing");
        Assert.That(ours.Delivered.Select(m => m[0]), Is.EqualTo(Enumerable.Range(0, messages).Select(i => (byte)i)));
    }

    [Test]
    public void A_silent_peer_is_sent_no_more_than_its_ring_holds()
    {
        using var rig = new CoreRig(Parameters, 1);
        rig.Send(1);
        rig.Receive(Peer.Ack(2, 2 + 256));
        rig.Sent.Clear();
        rig.Send(2);
        rig.Pass(CoreRig.Ms);
        Assert.That(Empty(rig), Is.Zero, "nothing is late yet");
        rig.Pass(60 * CoreRig.Ms);
        Assert.That(Empty(rig), Is.InRange(4, 8));
        rig.Pass(200_000 * CoreRig.Ms);
        Assert.That(rig.GaveUp, Is.True);
        Assert.That(Empty(rig), Is.EqualTo(rig.Core.Counters.Nudges));
        Assert.That(rig.Sent, Has.Count.InRange(212, 512));
    }

    [Test]
    public void A_peer_that_repeats_what_it_was_told_of_long_since_gets_an_empty_packet_behind_the_answer()
    {
        using var rig = new CoreRig(Parameters, 1);
        rig.Receive(Peer.Data(First, first: true, 1));
        rig.Pass(50 * CoreRig.Ms);
        rig.Sent.Clear();
        rig.Receive(Peer.Data(First, first: true, 1));
        Assert.That(rig.Sent, Has.Count.EqualTo(2));
        Assert.That(FrcpHeader.TryParse(rig.Sent[0], out var ack) && ack.Has(FrcpFlags.Ack), Is.True);
        Assert.That(rig.Sent[1], Is.Empty);
    }

    [Test]
    public void Peers_of_our_own_get_none()
    {
        using var ours = new CoreRig(Parameters, 1);
        using var peer = new CoreRig(Parameters, First);
        for (byte i = 0; i < 3; i++)
        {
            ours.Send(i);
            foreach (var packet in Take(ours)) peer.Receive(packet);
            foreach (var packet in Take(peer)) ours.Receive(packet);
        }
        Assert.That(ours.Core.PeerOffered, Is.True);
        ours.Send(9);
        ours.Pass(20_000 * CoreRig.Ms);
        Assert.That((ours.Core.Counters.Nudges, ours.Core.Counters.Timeouts > 0), Is.EqualTo((0L, true)));
    }

    private static int Empty(CoreRig rig) => rig.Sent.Count(p => p.Length == 0);

    private static List<byte[]> Take(CoreRig rig)
    {
        var sent = rig.Sent.ToList();
        rig.Sent.Clear();
        return sent;
    }
}
