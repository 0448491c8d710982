using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Udp.Wire;

namespace Ouroboros.Tests.Layers.Udp;

/// <summary>Management messages and data headers against every captured datagram of both families.</summary>
public class UdpMessageTests
{
    private static IEnumerable<byte[]> Management => UdpCapture.Flows.SelectMany(UdpCapture.ReadFlow).Select(d => d.Payload).Where(p => UdpHeader.TryParse(p, out var eid) && eid == 0).Select(p => p[UdpHeader.Length..]);

    [TestCaseSource(typeof(UdpCapture), nameof(UdpCapture.Flows))]
    public void Every_captured_message_is_read_and_written_byte_for_byte(string capture)
    {
        var messages = 0;
        foreach (var datagram in UdpCapture.ReadFlow(capture).Select(d => d.Payload))
        {
            Assert.That(UdpHeader.TryParse(datagram, out var eid));
            if (eid != UdpHeader.Management) continue;
            Assert.That(UdpMessage.TryParse(datagram.AsSpan(UdpHeader.Length), out var message));
            var written = new byte[UdpHeader.Length + UdpMessage.Length];
            UdpHeader.Write(written, UdpHeader.Management);
            message.Write(written.AsSpan(UdpHeader.Length));
            Assert.That(written, Is.EqualTo(datagram[..written.Length]));
            messages++;
        }
        Assert.That(messages, Is.GreaterThanOrEqualTo(2));
    }

    [Test]
    public void The_fields_of_a_request_are_where_the_notes_say()
    {
        var request = UdpCapture.ReadFlow("udp4/qos-distinct-keepalive")[0].Payload[UdpHeader.Length..];
        Assert.That(UdpMessage.TryParse(request, out var message));
        Assert.That(message, Is.EqualTo(new UdpMessage(
            UdpCode.FlowRequest, message.SourceEid, 0, 0, new QosSpec(0x01020304, 0x1112131415161718, 0x21, 0x31323334, 1, false, 0x51525354, 2000))));
        request = UdpCapture.ReadFlow("udp4/alloc-ping-dealloc")[0].Payload[UdpHeader.Length..];
        Assert.That(UdpMessage.TryParse(request, out message));
        Assert.That((message.SourceEid, message.Qos), Is.EqualTo((64u, QosSpec.Raw)));
        Assert.That(new NameHash(request.AsSpan(UdpMessage.Length, UdpMessage.HashLength)), Is.EqualTo(NameHash.Of(DirectoryHash.Md5, "oping")));
        Assert.That(request, Has.Length.EqualTo(99 - UdpHeader.Length));
    }

    [Test]
    public void A_reply_echoes_the_requesters_id_and_names_the_responders()
    {
        Assert.That(UdpMessage.TryParse(UdpCapture.ReadFlow("udp4/unknown-name-at-peer")[2].Payload[UdpHeader.Length..], out var reply));
        Assert.That((reply.Code, reply.SourceEid, reply.DestinationEid, reply.Response), Is.EqualTo((UdpCode.FlowReply, 0x41u, 0x40u, 0)));
        Assert.That(UdpMessage.TryParse(UdpCapture.ReadFlow("udp4/rejected")[1].Payload[UdpHeader.Length..], out reply));
        Assert.That(reply.Response, Is.EqualTo(-(int)FlowError.CryptoFailed));
    }

    [Test]
    public void What_is_too_short_is_refused()
    {
        foreach (var datagram in Management)
        {
            var least = datagram[40] == (byte)UdpCode.FlowRequest ? UdpMessage.Length + UdpMessage.HashLength : UdpMessage.Length;
            for (var length = 0; length < datagram.Length; length++)
            {
                Assert.That(UdpMessage.TryParse(datagram.AsSpan(0, length), out _), Is.EqualTo(length >= least), $"{length} bytes");
            }
        }
    }
}
