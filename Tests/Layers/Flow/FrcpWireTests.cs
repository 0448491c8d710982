using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Frcp.Wire;

namespace Ouroboros.Tests.Layers.Flow;

public sealed class FrcpWireTests
{
    // frcp.md section 18.
    [TestCase("030000009728d38100000000", FrcpFlags.Data | FrcpFlags.DataRun, 0u, 0x9728d381u, 0u)]
    [TestCase("0f28d48260d83d009728d382", FrcpFlags.Data | FrcpFlags.DataRun | FrcpFlags.Ack | FrcpFlags.FlowControl, 0x28d482u, 0x60d83d00u, 0x9728d382u)]
    [TestCase("0cd83e010000000060d83d01", FrcpFlags.Ack | FrcpFlags.FlowControl, 0xd83e01u, 0u, 0x60d83d01u)]
    [TestCase("040000000000000060d83d05", FrcpFlags.Ack, 0u, 0u, 0x60d83d05u)]
    [TestCase("100000000000000000000000", FrcpFlags.Rendezvous, 0u, 0u, 0u)]
    [TestCase("08b1e2f60000000000000000", FrcpFlags.FlowControl, 0xb1e2f6u, 0u, 0u)]
    [TestCase("0e86f373a5de55e30786f273", FrcpFlags.Ack | FrcpFlags.FlowControl | FrcpFlags.DataRun, 0x86f373u, 0xa5de55e3u, 0x0786f273u)]
    public void Every_kind_of_header_is_read_and_written(string hex, object flags, uint window, uint sequence, uint ack)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.That(FrcpHeader.TryParse(bytes, out var header), Is.True);
        Assert.That(header, Is.EqualTo(new FrcpHeader((FrcpFlags)flags, window, sequence, ack)));
        var written = new byte[FrcpHeader.Length];
        header.Write(written);
        Assert.That(written, Is.EqualTo(bytes));
        for (var length = 0; length < FrcpHeader.Length; length++) Assert.That(FrcpHeader.TryParse(bytes.AsSpan(0, length), out _), Is.False);
    }

    [Test]
    public void Extensions_are_read_as_written_and_no_truncation_of_one_counts()
    {
        var bytes = new byte[FrcpExtension.MaxLength];
        SackRange[] ranges = [new(5, 7), new(uint.MaxValue, 3)];
        var length = FrcpExtension.Write(bytes, FrcpFeatures.All, seen: true, 123456, ranges);
        Assert.That(FrcpExtension.TryParse(bytes.AsSpan(0, length), out var extension), Is.True);
        Assert.That((extension.HasOffer, extension.Offer, extension.OfferSeen, extension.MaxMessage, extension.RangeCount), Is.EqualTo((true, FrcpFeatures.All, true, 123456u, 2)));
        Assert.That(extension.Range(1), Is.EqualTo(ranges[1]));
        // Cut between two values it is a shorter extension, which is as good as any.
        int[] whole = [4, 12, length];
        for (var n = 0; n < length; n++) Assert.That(FrcpExtension.TryParse(bytes.AsSpan(0, n), out _), Is.EqualTo(whole.Contains(n)), $"{n} bytes");
        Assert.That(FrcpExtension.Write(bytes, null, false, 0, []), Is.Zero);
        var largest = FrcpExtension.Write(bytes, FrcpFeatures.All, false, 1, Enumerable.Repeat(new SackRange(1, 2), FrcpExtension.MaxRanges).ToArray());
        Assert.That(largest, Is.EqualTo(FrcpExtension.MaxLength));
    }

    [TestCase(0u, 1u, true)]
    [TestCase(uint.MaxValue, 0u, true)]
    [TestCase(0xFFFFFF00u, 0x7Fu, true)]
    [TestCase(5u, 5u, false)]
    [TestCase(0u, uint.MaxValue, false)]
    [TestCase(0u, 0x7FFFFFFFu, true)]
    public void Sequence_numbers_wrap_round(uint a, uint b, bool before)
    {
        Assert.That(Sequence.Before(a, b), Is.EqualTo(before));
        if (a != b) Assert.That(Sequence.After(a, b), Is.EqualTo(!before));
    }

    [TestCase(100u, 356u, 1000u, 356u, TestName = "forward")]
    [TestCase(0xFFFFF0u, 0x10u, 0x1000100u, 0x1000010u, TestName = "over the end of 24 bits")]
    [TestCase(0xFFFFFFF0u, 0x000020u, 0x100u, 0x20u, TestName = "over the end of 32 bits")]
    [TestCase(0x1000010u, 0xFFFFF0u, 0x2000000u, 0x1000010u, TestName = "a stale one from before the end of 24 bits")]
    [TestCase(500u, 400u, 1000u, 500u, TestName = "back")]
    [TestCase(500u, 500u, 1000u, 500u, TestName = "the same")]
    [TestCase(500u, 0u, 1000u, 500u, TestName = "zero, the reference's first")]
    [TestCase(500u, 1200u, 1000u, 500u, TestName = "beyond what is sane")]
    public void A_window_moves_forward_only(uint edge, uint window, uint limit, uint expected)
    {
        var moved = Sequence.TryMoveEdge(window, limit, ref edge);
        Assert.That(edge, Is.EqualTo(expected));
        if (moved) Assert.That(edge & 0xFFFFFF, Is.EqualTo(window));
    }

    [Test]
    public void The_estimator_gives_the_reference_values()
    {
        var rtt = new RttEstimator();
        Assert.That((rtt.Smoothed, rtt.Deviation, rtt.Rto), Is.EqualTo((0L, 10_000_000L, 1_000_000_000L)));
        // frcp.md section 10, check values.
        rtt.Add(14_973_517);
        Assert.That((rtt.Smoothed, rtt.Deviation, rtt.Rto), Is.EqualTo((14_973_517L, 7_486_758L, 44_920_549L)));
        // By hand: d = -4973517; srtt += -621690 (round to minus infinity); e = (4973517 - 7486758) >> 2 = -628311, >> 3 = -78539.
        rtt.Add(10_000_000);
        Assert.That((rtt.Smoothed, rtt.Deviation), Is.EqualTo((14_973_517L - 621_690, 7_486_758L - 78_539)));
        for (var i = 0; i < 1000; i++) rtt.Add(1);
        Assert.That(rtt.Rto, Is.EqualTo(250_000), "never below");
    }

    [Test]
    public void The_statistics_have_the_text_of_the_reference()
    {
        var text = new FlowStatistics(
            100000000, 10000000000, 120000000000, 503422, 294880, 1682942, 3127276980, 3127277236, 37669259, 3127276980, 3807051261, 3807051517, 37478543,
            3807051261, 0, 2, 2, 0, 0, 0, 0).ToRibText();
        Assert.That(text, Has.Length.EqualTo(1188));
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(22).And.All.Length.EqualTo(53));
        Assert.That(lines[0], Is.EqualTo("Maximum packet lifetime (ns):               100000000"));
        Assert.That(lines[21], Is.EqualTo("Number of packets out of rqueue:                    0"));
    }
}
