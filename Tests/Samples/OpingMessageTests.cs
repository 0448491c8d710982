using System.Buffers.Binary;
using Ouroboros.Samples.Oping.Wire;

namespace Ouroboros.Tests.Samples;

public sealed class OpingMessageTests
{
    private static readonly IReadOnlyList<byte[]> Captured = Pcap.FlowPayloads("oping-eth-dix.pcap");

    [Test]
    public void The_capture_holds_five_requests_and_their_replies()
    {
        Assert.That(Captured, Has.Count.EqualTo(10));
        for (var i = 0; i < Captured.Count; i++)
        {
            Assert.That(OpingMessage.TryParse(Captured[i], out var message), Is.True);
            Assert.That(message.Type, Is.EqualTo((OpingMessageType)(i % 2)));
            Assert.That(message.Id, Is.EqualTo(i / 2));
            Assert.That(message.Seconds, Is.EqualTo(1720));
        }
        OpingMessage.TryParse(Captured[0], out var first);
        Assert.That(first.Nanoseconds, Is.EqualTo(276_450_989));
    }

    [Test]
    public void A_parsed_message_is_written_byte_for_byte_as_captured([Range(0, 9)] int index)
    {
        var captured = Captured[index];
        OpingMessage.TryParse(captured, out var message);
        var written = new byte[captured.Length];
        Array.Fill(written, (byte)0xee);
        message.Write(written);
        Assert.That(written, Is.EqualTo(captured));
    }

    [Test]
    public void A_request_turned_into_a_reply_is_the_captured_reply([Range(0, 4)] int id)
    {
        var reply = Captured[2 * id].ToArray();
        OpingMessage.WriteType(reply, OpingMessageType.Reply);
        Assert.That(reply, Is.EqualTo(Captured[(2 * id) + 1]));
    }

    [Test]
    public void Every_cut_of_a_message_is_read_or_refused_and_never_throws()
    {
        for (var length = 0; length <= Captured[9].Length; length++)
        {
            var read = OpingMessage.TryParse(Captured[9].AsSpan(0, length), out var message);
            Assert.That(read, Is.EqualTo(length >= 8), $"{length} bytes");
            if (!read) continue;
            Assert.That((message.Type, message.Id), Is.EqualTo((OpingMessageType.Reply, 4u)), $"{length} bytes");
            Assert.That(message.Seconds, Is.EqualTo(length >= 24 ? 1720 : 0), $"{length} bytes");
        }
    }

    [Test]
    public void Type_and_id_are_big_endian_and_keep_all_their_bits()
    {
        var packet = new byte[64];
        new OpingMessage((OpingMessageType)0x01020304, 0xfffefdfc, -1, long.MaxValue).Write(packet);
        Assert.That(packet[..8], Is.EqualTo(new byte[] { 1, 2, 3, 4, 0xff, 0xfe, 0xfd, 0xfc }));
        OpingMessage.TryParse(packet, out var message);
        Assert.That(message, Is.EqualTo(new OpingMessage((OpingMessageType)0x01020304, 0xfffefdfc, -1, long.MaxValue)));
        Assert.That(BitConverter.ToInt64(packet, 16), Is.EqualTo(long.MaxValue), "time is in host order");
        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(packet), Is.EqualTo(0x01020304));
    }
}
