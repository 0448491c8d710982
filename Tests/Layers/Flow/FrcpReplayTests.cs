using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Frcp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>Captures of the reference, played to our end in either role.</summary>
public sealed class FrcpReplayTests
{
    private static readonly FrcpParameters Reliable = new() { Reliable = true, Offer = FrcpFeatures.None };
    private static readonly FrcpParameters Unreliable = new() { Offer = FrcpFeatures.None };

    [TestCase(true)]
    [TestCase(false)]
    public void A_reliable_ping_has_the_packets_of_the_reference_in_either_role(bool client)
    {
        var frames = FlowCapture.Read("02-data-oping.pcap");
        var first = Parse(frames.First(f => f.FromClient == client && IsData(f)).Bytes).Sequence;
        using var rig = new CoreRig(Reliable, first);
        var start = frames[0].Time;
        var zero = rig.Now;
        foreach (var frame in frames)
        {
            rig.Pass(zero + frame.Time - start - rig.Now);
            if (frame.FromClient != client)
            {
                rig.Receive(frame.Bytes);
            }
            else if (IsData(frame))
            {
                Assert.That(rig.Send(frame.Bytes[FrcpHeader.Length..]), Is.True);
                Assert.That(Convert.ToHexString(rig.Last()), Is.EqualTo(Convert.ToHexString(frame.Bytes)));
            }
            else if (Parse(frame.Bytes).Flags == FrcpFlags.Ack)
            {
                // What the reference acknowledges here once more has been acknowledged by us, on arrival; the number is the same.
                var acked = rig.Sent.Select(Parse).Last(h => h.Has(FrcpFlags.Ack));
                if (acked.Acknowledgement != Parse(frame.Bytes).Acknowledgement)
                {
                    rig.Core.Finish(rig.Now);
                    Assert.That(Convert.ToHexString(rig.Last()), Is.EqualTo(Convert.ToHexString(frame.Bytes)));
                }
            }
            else
            {
                // R1: ours say as well where our next packet will be. Within the 15 ms of the reference, it says the same.
                rig.Pass(0);
                var ours = Parse(rig.Sent.Last(s => !Parse(s).Has(FrcpFlags.Data)));
                var theirs = Parse(frame.Bytes);
                if (Sequence.Before(ours.Acknowledgement, theirs.Acknowledgement)) continue;
                Assert.That((ours.Flags & ~FrcpFlags.DataRun, ours.Window, ours.Acknowledgement), Is.EqualTo((theirs.Flags, theirs.Window, theirs.Acknowledgement)));
            }
        }
        Assert.That(rig.Delivered, Has.Count.EqualTo(5));
        Assert.That(rig.Core.Counters.Retransmissions, Is.Zero);
    }

    [Test]
    public void Whatever_was_captured_is_delivered_once_in_order_by_either_end_and_nothing_leaks([ValueSource(typeof(FlowCapture), nameof(FlowCapture.Names))] string name, [Values] bool fromClient)
    {
        // Encrypted ones and raw ones have no header; they are the business of other stages.
        var ordered = !name.Contains("raw", StringComparison.Ordinal) && !name.StartsWith("09", StringComparison.Ordinal) && !name.Contains("crc", StringComparison.Ordinal);
        var reliable = !name.Contains("best", StringComparison.Ordinal);
        using var rig = new CoreRig((reliable ? Reliable : Unreliable) with { Offer = FrcpFeatures.All }, 77);
        var frames = FlowCapture.Read(name).Where(f => f.FromClient == fromClient && f.Bytes.Length > 0).ToList();
        if (frames.Count == 0) return;
        var zero = rig.Now;
        foreach (var frame in frames)
        {
            rig.Pass(zero + frame.Time - frames[0].Time - rig.Now);
            rig.Receive(frame.Bytes);
        }
        if (!ordered) return;
        var expected = new List<byte[]>();
        var seen = new HashSet<uint>();
        uint? next = null;
        foreach (var frame in frames.Where(IsData))
        {
            var header = Parse(frame.Bytes);
            if (next is null && !header.Has(FrcpFlags.DataRun)) continue;
            if (!seen.Add(header.Sequence)) continue;
            next = header.Sequence;
            expected.Add(frame.Bytes);
        }
        var inOrder = expected.OrderBy(b => (int)(Parse(b).Sequence - Parse(expected[0]).Sequence)).Select(b => Convert.ToHexString(b.AsSpan(FrcpHeader.Length))).ToList();
        Assert.That(rig.Delivered.Select(Convert.ToHexString), Is.EqualTo(inOrder));
    }

    [Test]
    public void W1_the_peer_s_acknowledgement_before_its_first_data_does_not_close_the_receiver()
    {
        // Capture 06: the server acknowledges, then sends data with a random number; the reference's client drops it for ever.
        var frames = FlowCapture.Read("06-ack-before-data.pcap");
        var clientFirst = Parse(frames.First(f => f.FromClient && IsData(f)).Bytes).Sequence;
        using var rig = new CoreRig(Reliable, clientFirst);
        rig.Send(frames.First(f => f.FromClient).Bytes[FrcpHeader.Length..]);
        foreach (var frame in frames.Where(f => !f.FromClient)) rig.Receive(frame.Bytes);
        Assert.That(rig.Delivered, Has.Count.EqualTo(1));
        var answer = rig.Sent.Select(Parse).Last(h => h.Has(FrcpFlags.Ack));
        Assert.That(answer.Acknowledgement, Is.EqualTo(Parse(frames.First(f => !f.FromClient && IsData(f)).Bytes).Sequence + 1));
    }

    [Test]
    public void W1_our_acknowledgement_before_our_first_data_says_where_that_will_be()
    {
        // Capture 08, frames 6 and 7: what a reference client accepts.
        var frames = FlowCapture.Read("08-drf-in-ack.pcap");
        var server = frames.Where(f => !f.FromClient).ToList();
        using var rig = new CoreRig(Reliable, Parse(server[0].Bytes).Sequence);
        rig.Receive(frames.First(f => f.FromClient).Bytes);
        rig.Pass(20 * CoreRig.Ms);
        Assert.That(Convert.ToHexString(rig.Last()), Is.EqualTo(Convert.ToHexString(server[0].Bytes)));
        rig.Send(server[1].Bytes[FrcpHeader.Length..]);
        Assert.That(Convert.ToHexString(rig.Last()), Is.EqualTo(Convert.ToHexString(server[1].Bytes)));
    }

    [Test]
    public void W2_a_window_and_an_acknowledgement_of_zero_do_not_stop_us()
    {
        var frames = FlowCapture.Read("07-zero-window.pcap");
        using var rig = new CoreRig(Reliable, 0xd1fcbacc + 5);
        foreach (var frame in frames.Where(f => f.FromClient)) rig.Receive(frame.Bytes);
        for (var i = 0; i < 60; i++) Assert.That(rig.Send(1, 2, 3), Is.True, $"message {i}");
    }

    [Test]
    public void W3_a_sender_that_was_silent_for_long_and_took_a_new_number_is_followed()
    {
        var frames = FlowCapture.Read("17-long-one-way.pcap");
        using var rig = new CoreRig(Reliable, Parse(frames.First(f => f.FromClient && IsData(f)).Bytes).Sequence);
        var zero = rig.Now;
        foreach (var frame in frames.Where(f => !f.FromClient && f.Bytes.Length > 0))
        {
            rig.Pass(zero + frame.Time - frames[0].Time - rig.Now);
            rig.Receive(frame.Bytes);
        }
        var messages = frames.Where(f => !f.FromClient && f.Bytes.Length > 0 && IsData(f)).Select(f => Parse(f.Bytes).Sequence).Distinct().Count();
        Assert.That(rig.Delivered, Has.Count.EqualTo(messages));
        Assert.That(messages, Is.GreaterThan(1));
    }

    [Test]
    public void W3_we_never_take_a_new_number_however_long_we_only_acknowledged()
    {
        using var rig = new CoreRig(Reliable, 1000);
        rig.Send(1);
        rig.Receive(new Packets().Ack(1001, 1256));
        for (var i = 0u; i < 300; i++)
        {
            rig.Receive(new Packets().Data(50 + i, first: true));
            rig.Pass(1_000 * CoreRig.Ms);
        }
        rig.Send(2);
        Assert.That(Parse(rig.Last()).Sequence, Is.EqualTo(1001));
        Assert.That(Parse(rig.Last()).Has(FrcpFlags.DataRun), Is.True);
    }

    [Test]
    public void A_rendezvous_is_answered_at_once_with_the_window()
    {
        // Capture 05, frames 261 and 262.
        using var rig = new CoreRig(Unreliable, 5);
        foreach (var frame in FlowCapture.Read("05-best-rendezvous.pcap").Where(f => f.FromClient).TakeWhile(f => !Parse(f.Bytes).Has(FrcpFlags.Rendezvous))) rig.Receive(frame.Bytes);
        var received = rig.Delivered.Count;
        rig.Receive(Convert.FromHexString("100000000000000000000000"));
        Assert.That(received, Is.EqualTo(257), "one, our answer, and what the window of that answer allowed");
        Assert.That(Parse(rig.Last()).Flags & ~FrcpFlags.DataRun, Is.EqualTo(FrcpFlags.FlowControl));
        Assert.That(rig.Sent.Select(Parse).Count(h => h.Has(FrcpFlags.FlowControl)), Is.GreaterThan(received / 64), "and without being asked");
    }

    private static bool IsData(FlowCapture frame) => frame.Bytes.Length > FrcpHeader.Length && Parse(frame.Bytes).Has(FrcpFlags.Data);

    private static FrcpHeader Parse(byte[] bytes)
    {
        FrcpHeader.TryParse(bytes, out var header);
        return header;
    }
}
