using System.Buffers.Binary;
using System.Text;
using Ouroboros.Layers.Broadcast;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;
using Ouroboros.Tests.Layers.Ethernet;

namespace Ouroboros.Tests.Layers.Broadcast;

/// <summary>Who gets a packet in a broadcast layer, and who does not (routing-and-broadcast.md B3, B9).</summary>
public sealed class HubTests : PoolTest
{
    private HubRig _rig = null!;
    private ManualTimeProvider _time = null!;

    [SetUp]
    public void Make()
    {
        _time = new ManualTimeProvider();
        _rig = new HubRig(Pool, _time);
    }

    // Before the base class looks at the pool: tear-downs of the derived class come first.
    [TearDown]
    public void Close() => _rig.Close();

    [Test]
    public void A_packet_reaches_every_member_and_application_but_its_sender()
    {
        var (a, b, c) = (_rig.Add(), _rig.Add(), _rig.Add());
        _rig.Connect(a, b);
        _rig.Connect(b, c);
        var (onA, alsoOnA, onB, onC) = (_rig.Join(a).Endpoint, _rig.Join(a).Endpoint, _rig.Join(b).Endpoint, _rig.Join(c).Endpoint);
        Assert.That(HubRig.Write(onA, "x"), Is.EqualTo(FlowError.None));
        Assert.That(HubRig.Write(onC, "y"), Is.EqualTo(FlowError.None));
        Assert.That((HubRig.Read(onA), HubRig.Read(alsoOnA), HubRig.Read(onB), HubRig.Read(onC)), Is.EqualTo(("y", "x,y", "x,y", "x")));
    }

    [Test]
    public void Nobody_there_is_no_error()
    {
        var only = _rig.Join(_rig.Add()).Endpoint;
        Assert.That(HubRig.Write(only, "x"), Is.EqualTo(FlowError.None));
        Assert.That(HubRig.Read(only), Is.Empty);
    }

    [Test]
    public void Who_leaves_gets_nothing_more_and_who_is_gone_without_a_word_neither()
    {
        var hub = _rig.Add();
        var (stays, leaves, dies) = (_rig.Join(hub), _rig.Join(hub), _rig.Join(hub));
        hub.Remove(leaves.Flow);
        dies.Endpoint.Close();
        Assert.That(hub.JoinedCount, Is.EqualTo(1));
        Assert.That(HubRig.Write(stays.Endpoint, "x"), Is.EqualTo(FlowError.None));
        Assert.That(HubRig.Read(leaves.Endpoint), Is.Empty);
        Assert.That(HubRig.Write(leaves.Endpoint, "y"), Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public void A_receiver_that_does_not_read_loses_packets_and_holds_up_nobody()
    {
        var hub = _rig.Add();
        var (sender, slow, quick) = (_rig.Join(hub).Endpoint, _rig.Join(hub).Endpoint, _rig.Join(hub).Endpoint);
        for (var n = 0; n < 3000; n++)
        {
            Assert.That(HubRig.Write(sender, "x"), Is.EqualTo(FlowError.None));
            Assert.That(HubRig.Read(quick), Is.EqualTo("x"));
        }
        Assert.That(slow.ReceiveQueueLength, Is.EqualTo(PacketRing.DefaultCapacity));
        Assert.That(hub.Counters[BroadcastDrop.Full] + hub.Counters[BroadcastDrop.NoMemory], Is.EqualTo(3000 - PacketRing.DefaultCapacity));
        HubRig.Read(slow);
    }

    [Test]
    public void Keepalives_go_nowhere_and_hold_up_nobody()
    {
        var hub = _rig.Add();
        var (far, other, joined) = (_rig.Neighbour(hub).Far, _rig.Neighbour(hub).Far, _rig.Join(hub).Endpoint);
        for (var n = 0; n < 5; n++) Assert.That(far.TryWrite([]), Is.EqualTo(FlowError.None));
        Assert.That(HubRig.Write(far, "x"), Is.EqualTo(FlowError.None));
        Assert.That((HubRig.Read(other), HubRig.Read(joined)), Is.EqualTo(("x", "x")));
        Assert.That(hub.Counters.Received, Is.EqualTo(1));
    }

    [TestCase(1, true)]
    [TestCase(1398, true)]
    [TestCase(1399, true)]
    [TestCase(1400, false)]
    [TestCase(1401, false)]
    public void An_application_is_told_when_a_packet_is_longer_than_reference_members_pass_on_whole(int length, bool fits)
    {
        var hub = _rig.Add();
        var (sender, receiver) = (_rig.Join(hub).Endpoint, _rig.Join(hub).Endpoint);
        Assert.That(sender.TryWrite(new byte[length]), Is.EqualTo(fits ? FlowError.None : FlowError.MessageTooLong));
        Assert.That(HubRig.Read(receiver), Has.Length.EqualTo(fits ? length : 0));
    }

    [TestCase(1400)]
    [TestCase(9000)]
    public void Longer_packets_of_other_members_are_passed_on_whole(int length)
    {
        var hub = _rig.Add();
        var (far, other) = (_rig.Neighbour(hub).Far, _rig.Neighbour(hub).Far);
        Assert.That(far.TryWrite(new byte[length]), Is.EqualTo(FlowError.None));
        Assert.That(HubRig.Read(other), Has.Length.EqualTo(length));
    }

    [Test]
    public void Each_receiver_has_a_packet_of_its_own_to_push_headers_into()
    {
        var hub = _rig.Add();
        var far = _rig.Neighbour(hub).Far;
        var receivers = Enumerable.Range(0, 4).Select(_ => _rig.Join(hub).Endpoint).ToList();
        HubRig.Write(far, "abcd");
        var packets = receivers.Select(r => r.TryRead(out Packet p) == FlowError.None ? p : default).ToList();
        foreach (var packet in packets)
        {
            Assert.That(packet.References, Is.EqualTo(1));
            packet.PushHeader(8).Fill(0xEE);
            Assert.That(packet.Length, Is.EqualTo(12));
        }
        foreach (var packet in packets)
        {
            Assert.That(Encoding.UTF8.GetString(packet.Span[8..]), Is.EqualTo("abcd"));
            packet.Dispose();
        }
    }

    [Test]
    public void A_packet_that_somebody_else_holds_too_is_not_given_away()
    {
        var hub = _rig.Add();
        var (far, receiver) = (_rig.Neighbour(hub).Far, _rig.Join(hub).Endpoint);
        var packet = Pool.Rent(3);
        "abc"u8.CopyTo(packet.Span);
        packet.Retain();
        Assert.That(far.TryWrite(packet), Is.EqualTo(FlowError.None));
        Assert.That(packet.References, Is.EqualTo(1));
        Assert.That(receiver.TryRead(out Packet copy), Is.EqualTo(FlowError.None));
        Assert.That(copy, Is.Not.EqualTo(packet));
        copy.Dispose();
        packet.Dispose();
    }

    [Test]
    public void Applications_of_other_trust_domains_get_copies_in_their_own_pool()
    {
        using var other = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        var hub = _rig.Add();
        var (here, there) = (_rig.Join(hub).Endpoint, _rig.Join(hub, other).Endpoint);
        HubRig.Write(here, "x");
        HubRig.Write(there, "y");
        Assert.That(there.TryRead(out Packet packet), Is.EqualTo(FlowError.None));
        Assert.That(packet.Pool, Is.SameAs(other));
        packet.Dispose();
        Assert.That(HubRig.Read(here), Is.EqualTo("y"));
        Assert.That(other.Outstanding, Is.Zero);
    }

    [TestCase("bc-12", 7)]
    [TestCase("bc-23", 7)]
    public void Captured_packets_of_the_reference_go_on_byte_for_byte(string capture, int expected)
    {
        var hub = _rig.Add();
        var (from, to) = (_rig.Neighbour(hub).Far, _rig.Neighbour(hub).Far);
        var count = 0;
        foreach (var payload in Payloads(capture).Where(IsText))
        {
            Assert.That(from.TryWrite(payload), Is.EqualTo(FlowError.None));
            Assert.That(to.TryRead(out Packet packet), Is.EqualTo(FlowError.None));
            Assert.That(packet.Span.ToArray(), Is.EqualTo(payload));
            packet.Dispose();
            count++;
        }
        Assert.That(count, Is.EqualTo(expected));
    }

    // What obc sends; establishment and enrolment are protobuf.
    private static bool IsText(byte[] payload) => payload.Length > 5 && payload[^1] == 0 && payload[..^1].All(b => b is >= 32 and < 127);

    // Frames of eth-dix: addresses 12, type 2, endpoint id 2, length 2.
    internal static IEnumerable<byte[]> Payloads(string capture)
    {
        foreach (var frame in EthernetCapture.Read("broadcast", capture + ".pcap"))
        {
            if (frame.Length < 18 || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(14)) < 0x40) continue;
            var length = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(16));
            if (frame.Length >= 18 + length) yield return frame.AsSpan(18, length).ToArray();
        }
    }
}
