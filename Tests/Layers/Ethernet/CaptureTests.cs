using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet;
using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Tests.Layers.Ethernet;

/// <summary>Every frame of every capture is understood, and written again byte for byte from what was understood.</summary>
public class CaptureTests : PoolTest
{
    private const ushort VlanTag = 0x8100;

    [TestCaseSource(typeof(EthernetCapture), nameof(EthernetCapture.All))]
    public void Every_frame_is_written_again_as_it_was(string folder, string name)
    {
        var frames = EthernetCapture.Read(folder, name);
        Assert.That(frames, Is.Not.Empty);
        foreach (var frame in frames)
        {
            if (EthernetHeader.TypeOrLength(frame) == VlanTag) continue;
            Assert.That(Rewrite(frame, folder), Is.EqualTo(frame), $"{folder}/{name}: {FramePrinter.Describe(frame, 32)}");
        }
    }

    [Test]
    public void Only_frame_1_of_no_filtering_has_a_vlan_tag()
    {
        var tagged = EthernetCapture.All().Select(c => EthernetCapture.Read((string)c.Arguments[0]!, (string)c.Arguments[1]!))
            .SelectMany(f => f).Count(f => EthernetHeader.TypeOrLength(f) == VlanTag);

        Assert.That(tagged, Is.EqualTo(1));
    }

    [TestCase("eth-dix", 71, 107, 123)]
    [TestCase("eth-llc", 69, 105, 121)]
    public void The_first_allocation_is_understood_field_by_field(string folder, int query, int request, int reply)
    {
        var messages = Messages(folder, "alloc-ping-dealloc.pcap");

        Assert.That(messages.Select(m => m.Bytes.Length), Is.EqualTo(new[] { query, query, request, reply }));
        Assert.That(messages.Select(m => m.Kind), Is.EqualTo(new[]
        {
            ShimMessageKind.NameQuery, ShimMessageKind.NameReply, ShimMessageKind.FlowRequest, ShimMessageKind.FlowReply,
        }));
        uint id = folder == "eth-dix" ? 0x40u : 2u;
        Assert.That((messages[2].Requester, messages[2].Responder), Is.EqualTo((id, 0u)));
        Assert.That((messages[3].Requester, messages[3].Responder, messages[3].Response), Is.EqualTo((id, id, 0)));
        Assert.That(messages[2].Qos, Is.EqualTo(QosSpec.Raw));
        Assert.That(messages[2].Hash, Is.EqualTo(ShimHost.Oping.ToString()));
        Assert.That(messages[2].Data, Has.Length.EqualTo(36));
        Assert.That(messages[3].Data, Has.Length.EqualTo(84));
        Assert.That(messages[3].Data[..16], Is.EqualTo(messages[2].Data[..16]), "the id of the handshake");
        Assert.That(messages.Select(m => m.Offer), Is.All.Zero);
    }

    [TestCase("eth-dix")]
    [TestCase("eth-llc")]
    public void Distinct_qos_values_land_in_their_fields(string folder)
    {
        var request = Messages(folder, "qos-distinct-keepalive.pcap").Single(m => m.Kind == ShimMessageKind.FlowRequest);

        Assert.That(request.Qos, Is.EqualTo(new QosSpec(0x01020304, 0x1112131415161718, 0x21, 0x31323334, 1, request.Qos.InOrder, 0x51525354, 2000)));
    }

    [TestCase("eth-dix")]
    [TestCase("eth-llc")]
    public void Voice_is_asked_for_as_the_reference_does(string folder)
    {
        var request = Messages(folder, "qos-voice.pcap").Single(m => m.Kind == ShimMessageKind.FlowRequest);

        Assert.That(request.Qos with { BitErrorRate = 0 }, Is.EqualTo(QosSpec.Voice with { BitErrorRate = 0 }));
    }

    [TestCase("eth-dix")]
    [TestCase("eth-llc")]
    public void A_rejection_has_minus_1008_and_no_tail(string folder)
    {
        var replies = Messages(folder, "rejected.pcap").Where(m => m.Kind == ShimMessageKind.FlowReply).ToArray();

        Assert.That(replies.Select(r => r.Response), Is.EqualTo(new[] { -1008, -1008 }));
        Assert.That(replies.Select(r => r.Data.Length), Is.All.Zero);
    }

    [Test]
    public void Data_frames_of_llc_carry_the_saps_of_the_flow_messages()
    {
        var messages = Messages("eth-llc", "qos-best-frct.pcap");
        var reply = messages.Single(m => m.Kind == ShimMessageKind.FlowReply);
        var data = Headers("eth-llc", "qos-best-frct.pcap").Where(h => !h.IsManagement).ToArray();

        Assert.That(data, Is.Not.Empty);
        foreach (var header in data)
        {
            var toServer = header.Source == EthernetCapture.ClientMac;
            Assert.That((header.Eid, header.SourceEid), Is.EqualTo(toServer ? (reply.Responder, reply.Requester) : (reply.Requester, reply.Responder)));
        }
    }

    [TestCase((byte)1, (byte)0x80)]
    [TestCase((byte)2, (byte)0x40)]
    [TestCase((byte)3, (byte)0xC0)]
    [TestCase((byte)4, (byte)0x20)]
    [TestCase((byte)5, (byte)0xA0)]
    [TestCase((byte)6, (byte)0x60)]
    [TestCase((byte)63, (byte)0xFC)]
    [TestCase((byte)64, (byte)0x02)]
    public void Bits_of_a_sap_are_reversed(byte plain, byte onTheWire)
    {
        Assert.That(LlcHeader.Reverse(plain), Is.EqualTo(onTheWire));
        Assert.That(LlcHeader.Reverse(onTheWire), Is.EqualTo(plain));
    }

    [TestCaseSource(typeof(EthernetCapture), nameof(EthernetCapture.All))]
    public void Padding_behind_a_frame_changes_nothing(string folder, string name)
    {
        foreach (var frame in EthernetCapture.Read(folder, name).Where(f => EthernetHeader.TypeOrLength(f) != VlanTag))
        {
            byte[] padded = [.. frame, .. new byte[50]];
            Assert.That(Rewrite(padded, folder), Is.EqualTo(frame));
        }
    }

    private static DixCodec Dix { get; } = new(EthernetConfig.DefaultEtherType, 32);

    private static LlcCodec Llc { get; } = new(32);

    private static IShimCodec CodecOf(string folder) => folder == "eth-llc" ? Llc : Dix;

    /// <summary>Opens a frame, and makes it again from nothing but what it said.</summary>
    private byte[] Rewrite(byte[] frame, string folder)
    {
        var codec = CodecOf(folder);
        using var packet = Pool.Rent(frame.Length);
        frame.CopyTo(packet.Span);
        var destination = EthernetHeader.Destination(frame);
        Assert.That(codec.TryOpen(packet, out var header), Is.True, header.Drop.ToString());
        if (!header.IsManagement)
        {
            Assert.That(codec.TrySeal(packet, new ShimRoute(header.Source, destination, header.SourceEid, header.Eid)), Is.True);
            return packet.Span.ToArray();
        }
        Assert.That(codec.TryParse(packet.Span, out var message, out var drop), Is.True, drop.ToString());
        using var again = Pool.Rent(codec.LengthOf(message));
        codec.Write(message, again.Span);
        Assert.That(codec.TrySealManagement(again, header.Source, destination), Is.True);
        return again.Span.ToArray();
    }

    private List<Parsed> Messages(string folder, string name)
    {
        var codec = CodecOf(folder);
        var messages = new List<Parsed>();
        foreach (var frame in EthernetCapture.Read(folder, name))
        {
            using var packet = Pool.Rent(frame.Length);
            frame.CopyTo(packet.Span);
            if (!codec.TryOpen(packet, out var header) || !header.IsManagement) continue;
            Assert.That(codec.TryParse(packet.Span, out var m, out var drop), Is.True, drop.ToString());
            messages.Add(new Parsed(m.Kind, m.Requester, m.Responder, m.Response, m.Offer, m.Qos, Convert.ToHexStringLower(m.Hash), m.Data.ToArray(), packet.Span.ToArray()));
        }
        return messages;
    }

    private List<ShimHeader> Headers(string folder, string name)
    {
        var headers = new List<ShimHeader>();
        foreach (var frame in EthernetCapture.Read(folder, name))
        {
            using var packet = Pool.Rent(frame.Length);
            frame.CopyTo(packet.Span);
            if (CodecOf(folder).TryOpen(packet, out var header)) headers.Add(header);
        }
        return headers;
    }

    private sealed record Parsed(
        ShimMessageKind Kind, uint Requester, uint Responder, int Response, uint Offer, QosSpec Qos, string Hash, byte[] Data, byte[] Bytes);
}
