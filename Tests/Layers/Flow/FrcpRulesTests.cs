using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Frcp.Wire;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>Rules for an end that talks to the reference (frcp.md section 16) which no capture shows; the peer has offered nothing.</summary>
public sealed class FrcpRulesTests
{
    private static readonly uint First = 0xFFFFFFF0;
    private static readonly FrcpParameters Reliable = new() { Reliable = true };
    private static readonly Packets Peer = new();

    [Test]
    public void R13_a_data_run_flag_inside_a_run_begins_no_other()
    {
        using var rig = new CoreRig(Reliable, 1);
        foreach (var (offset, flag) in new[] { (0u, true), (1u, true), (3u, true), (2u, false), (4u, true) }) rig.Receive(Peer.Data(First + offset, flag, (byte)offset));
        Assert.That(rig.Delivered, Is.EqualTo(new byte[][] { [0], [1], [2], [3], [4] }));
    }

    [TestCase((int)FrcpFlags.FirstFragment)]
    [TestCase((int)FrcpFlags.MoreFragments)]
    [TestCase((int)FrcpFlags.Fragment)]
    [TestCase((int)FrcpFlags.AckNow)]
    public void Reserved_flags_mean_nothing_to_an_end_that_offers_nothing(int flag)
    {
        var reserved = (FrcpFlags)flag;
        using var rig = new CoreRig(Reliable with { Offer = FrcpFeatures.None }, 1);
        rig.Receive(Peer.Make(new FrcpHeader(FrcpFlags.Data | FrcpFlags.DataRun | reserved, 0, First, 0), [1]));
        Assert.That(rig.Sent, Is.Empty, "acknowledged as late as ever");
        rig.Receive(Peer.Make(new FrcpHeader(FrcpFlags.Data | reserved, 0, First + 1, 0), [2]));
        Assert.That(rig.Delivered, Is.EqualTo(new byte[][] { [1], [2] }));
    }

    [Test]
    public void R12_a_packet_without_room_for_a_header_is_dropped_and_counted()
    {
        using var rig = new CoreRig(Reliable, 1);
        for (var length = 1; length < FrcpHeader.Length; length++) rig.Receive(new byte[length]);
        Assert.That(rig.Core.Counters.Short, Is.EqualTo(FrcpHeader.Length - 1));
        Assert.That(rig.Core.GetStatistics(rig.Now).Drops.Values.Sum(), Is.EqualTo(FrcpHeader.Length - 1));
        Assert.That((rig.Sent.Count, rig.Delivered.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void R7_however_fast_the_peer_was_its_answer_is_waited_for_30_ms()
    {
        using var rig = new CoreRig(Reliable, 1);
        for (uint i = 1; i <= 50; i++)
        {
            rig.Send(1);
            rig.Pass(CoreRig.Ms / 10);
            rig.Receive(Peer.Ack(1 + i, 1 + i + 256));
            rig.Pass(CoreRig.Ms);
        }
        rig.Send(2);
        var sent = rig.Sent.Count;
        rig.Pass(29 * CoreRig.Ms);
        Assert.That(rig.Sent, Has.Count.EqualTo(sent));
        rig.Pass(40 * CoreRig.Ms);
        Assert.That(rig.Sent, Has.Count.GreaterThan(sent));
    }

    [Test]
    public void R8_what_is_sent_again_acknowledges_what_has_come_since_and_opens_the_window()
    {
        using var rig = new CoreRig(Reliable, 1);
        rig.Send(7);
        var first = Parse(rig.Last());
        Assert.That(first.Has(FrcpFlags.Ack) || first.Has(FrcpFlags.FlowControl), Is.False, "nothing has come yet");
        rig.Receive(Peer.Data(First, first: true, 1));
        rig.Pass(1_000 * CoreRig.Ms);
        var again = rig.Sent.Where(s => s.Length > FrcpHeader.Length && Parse(s) is { Sequence: 1 } h && h.Has(FrcpFlags.Data)).Last();
        var header = Parse(again);
        Assert.That(header.Has(FrcpFlags.Ack) && header.Has(FrcpFlags.FlowControl), Is.True);
        Assert.That((header.Acknowledgement, header.Window), Is.EqualTo((First + 1, (First + 1 + 256) & 0xFFFFFF)));
        Assert.That(again[FrcpHeader.Length], Is.EqualTo(7));
    }

    [Test]
    public void R10_an_unreliable_receiver_opens_the_window_unasked_beyond_the_highest_number_it_has_seen()
    {
        using var rig = new CoreRig(new FrcpParameters(), 1);
        // Every second one is lost: the reference's window falls behind for good.
        for (uint i = 0; i < 512; i += 2) rig.Receive(Peer.Data(First + i, i == 0, 1));
        var updates = rig.Sent.Select(s => Parse(s)).Where(h => h.Has(FrcpFlags.FlowControl)).ToList();
        Assert.That(updates, Has.Count.GreaterThanOrEqualTo(256 / 32));
        Assert.That((First + 511 + 256 - updates[^1].Window) & 0xFFFFFF, Is.LessThanOrEqualTo(64));
        Assert.That(rig.Delivered, Has.Count.EqualTo(256));
    }

    private static FrcpHeader Parse(byte[] packet)
    {
        Assert.That(FrcpHeader.TryParse(packet, out var header), Is.True);
        return header;
    }
}
