using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Answers that no honest node gives: contacts with ids of other lengths, and answers to what nobody asked.</summary>
public sealed class HostileAnswerTests
{
    private const ulong Elsewhere = 500;

    [Test]
    public void A_contact_with_an_id_of_another_length_is_neither_asked_nor_kept_nor_passed_on()
    {
        var network = new DhtNetwork();
        NetworkNode liar = null!;
        liar = network.Add(2, stub: (from, bytes) =>
        {
            DhtEnvelope.TryParse(bytes, out var request);
            if (!request.HasFind) return;
            // Ids of 0 to 64 bytes but those of 32: 13 in an answer, so that none is past the most that are used.
            for (var first = 0; first <= 64; first += 13)
            {
                var lengths = Enumerable.Range(first, 13).Where(l => l is not 32).ToArray();
                network.Send(2, from, Answer(request, liar.Id, lengths));
            }
        });
        var node = network.Add(1, peer: 2);
        network.Run(10);
        for (var i = 0; i < 5; i++) network.Query(node, DhtNetwork.Key($"name{i}"));
        Assert.That(node.Contacts.Select(c => c.Address), Is.EqualTo(new ulong[] { 2 }));
        Assert.That(node.Core.Counters.Dropped(DhtDrop.Contact), Is.GreaterThanOrEqualTo(12));
        Assert.That(network.Sent.Any(s => s.To >= Elsewhere), Is.False);
        network.Sent.Clear();
        var third = network.Add(3, stub: (_, _) => { });
        third.SendAs(1, new DhtMessage { Code = DhtCode.FindNodeRequest, Source = new DhtContact(third.Id, 3), Key = third.Id, Cookie = 9 });
        network.Run(1);
        var answer = network.Sent.First(s => s.To == 3 && DhtEnvelope.TryParse(s.Bytes, out var m) && m.HasNode).Bytes;
        DhtEnvelope.TryParse(answer, out var envelope);
        foreach (var contact in envelope.Node) Assert.That((contact.Id.Length, contact.Address), Is.EqualTo((32, 2UL)));
    }

    [Test]
    public void Answers_with_cookies_that_were_never_sent_change_nothing_and_are_counted()
    {
        var (network, nodes) = LookupTests.Layer(12);
        var node = nodes[0];
        network.Drop = (_, _, _) => true;
        for (var i = 0; i < 10; i++) node.Core.Query(i, DhtNetwork.Key($"name{i}"), network.Now);
        network.Arm(node);
        var (contacts, values, sent) = (node.Core.ContactCount, node.Core.ValueCount, network.Sent.Count);
        var dropped = node.Core.Counters.Dropped(DhtDrop.UnknownCookie);
        for (var i = 0; i < 10_000; i++)
        {
            // From those who were asked, about what they were asked: only the cookie is a guess.
            var from = nodes[1 + (i % 11)];
            node.Core.Receive(
                new DhtMessage
                {
                    Code = DhtCode.FindValueAnswer,
                    Source = new DhtContact(from.Id, from.Address),
                    Key = DhtNetwork.Key($"name{i % 10}"),
                    Cookie = (ulong)network.Random.NextInt64(),
                    Contacts = [new DhtContact(DhtKey.Random(network.Random, 32), Elsewhere + (ulong)i)],
                    Values = [Elsewhere],
                    IsMarked = true,
                },
                network.Now);
        }
        Assert.That(node.Core.Counters.Dropped(DhtDrop.UnknownCookie) - dropped, Is.EqualTo(10_000));
        Assert.That((node.Core.ContactCount, node.Core.ValueCount, network.Sent.Count), Is.EqualTo((contacts, values, sent)));
        Assert.That(node.Results, Is.Empty);
    }

    private static byte[] Answer(in DhtEnvelope request, DhtKey id, int[] lengths)
    {
        var node = new List<byte>([0x08, .. Varint(request.Find.Cookie), .. Field(2, request.Find.Key.ToArray())]);
        foreach (var length in lengths)
        {
            var bytes = new byte[length];
            bytes.AsSpan().Fill((byte)length);
            node.AddRange(Field(3, [.. Field(1, bytes), 0x10, .. Varint(Elsewhere + (ulong)length)]));
        }
        byte[] values = request.Code == (uint)DhtCode.FindValueRequest ? [0x32, 0x00] : [];
        return [0x08, (byte)(request.Code + 1), .. Field(2, [.. Field(1, id.Span.ToArray()), 0x10, 0x02]), .. Field(5, [.. node]), .. values];
    }

    private static byte[] Field(int number, byte[] data) => [(byte)((number << 3) | 2), .. Varint((ulong)data.Length), .. data];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
