using System.Globalization;
using System.Text.Json.Nodes;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

public sealed class WireTests
{
    // Frames of capture e that were made by hand to be what no implementation writes: see its README.
    private static readonly int[] s_malformed = [52];
    private static readonly int[] s_notRewritten = [14, 17, 19, 20, 25, 26, 34, 55, 56, 57, 58];

    private static IEnumerable<string> Captures => Capture.Names;

    [TestCaseSource(nameof(Captures))]
    public void Every_captured_message_is_read_as_the_independent_decode_says(string name)
    {
        foreach (var captured in Capture.Read(name))
        {
            var parsed = DhtEnvelope.TryParse(captured.Bytes, out var envelope);
            if (name == "dht-e-crafted" && s_malformed.Contains(captured.Frame))
            {
                Assert.That(parsed, Is.False, captured.ToString());
                continue;
            }
            Assert.That(parsed, Is.True, captured.ToString());
            AssertEqual(envelope, captured.Message!, captured.ToString());
        }
    }

    [TestCaseSource(nameof(Captures))]
    public void Every_captured_message_is_written_byte_for_byte(string name)
    {
        var written = 0;
        foreach (var captured in Capture.Read(name))
        {
            if (name == "dht-e-crafted" && (s_malformed.Contains(captured.Frame) || s_notRewritten.Contains(captured.Frame))) continue;
            Assert.That(DhtEnvelope.TryParse(captured.Bytes, out var envelope), Is.True, captured.ToString());
            Assert.That(Write(envelope), Is.EqualTo(captured.Bytes), captured.ToString());
            written++;
        }
        Assert.That(written, Is.GreaterThan(40));
    }

    [Test]
    public void Every_truncation_of_every_captured_message_is_read_or_refused_without_an_exception()
    {
        var refused = 0;
        foreach (var captured in Capture.ReadAll())
        {
            for (var length = 0; length < captured.Bytes.Length; length++)
            {
                if (!DhtEnvelope.TryParse(captured.Bytes.AsSpan(0, length), out var envelope))
                {
                    refused++;
                    continue;
                }
                foreach (var contact in envelope.Node) Assert.That(contact.Id.Length, Is.LessThanOrEqualTo(length));
                foreach (var value in envelope.Values) Assert.That(value.Length, Is.LessThanOrEqualTo(length));
            }
        }
        Assert.That(refused, Is.GreaterThan(10_000));
    }

    // dht.md section 5, with a 5-byte address varint and a 9-byte cookie varint.
    [TestCase(DhtCode.FindNodeRequest, 0, 0, 90)]
    [TestCase(DhtCode.FindValueRequest, 0, 0, 90)]
    [TestCase(DhtCode.Store, 0, 0, 96)]
    [TestCase(DhtCode.FindNodeAnswer, 1, 0, 132)]
    [TestCase(DhtCode.FindNodeAnswer, 8, 0, 427)]
    [TestCase(DhtCode.FindValueAnswer, 8, 0, 429)]
    [TestCase(DhtCode.FindValueAnswer, 8, 2, 449)]
    public void Messages_have_the_sizes_of_the_notes(DhtCode code, int contacts, int values, int size)
    {
        var message = new DhtMessage
        {
            Code = code,
            Source = new DhtContact(new DhtKey(new byte[32]), 0x2ff6ad52),
            Key = new DhtKey(new byte[32]),
            Cookie = 0x2144dc5830427731,
            Value = 0x2ff6ad52,
            Expiry = 1795303001,
            Contacts = Enumerable.Range(0, contacts).Select(_ => new DhtContact(new DhtKey(new byte[32]), 0xfe970b15)).ToArray(),
            Values = new ulong[values],
        };
        Assert.That(message.Size, Is.EqualTo(size));
        Assert.That(message.Write(new byte[size]), Is.EqualTo(size));
    }

    [Test]
    public void The_mark_of_our_nodes_is_two_bytes_at_the_end_that_the_reference_passes_over()
    {
        var plain = new DhtMessage { Code = DhtCode.FindNodeRequest, Source = new DhtContact(new DhtKey(new byte[32]), 1), Key = new DhtKey(new byte[32]) };
        var marked = new DhtMessage { Code = DhtCode.FindNodeRequest, Source = plain.Source, Key = plain.Key, IsMarked = true };
        Assert.That(Bytes(marked), Is.EqualTo((byte[])[.. Bytes(plain), 0x78, 0x01]));
        Assert.That(DhtEnvelope.TryParse(Bytes(marked), out var envelope) && envelope.IsMarked, Is.True);
    }

    [Test]
    public void A_field_of_the_wrong_type_a_group_or_field_0_makes_a_message_malformed_and_an_unknown_field_does_not()
    {
        var good = Bytes(new DhtMessage
        {
            Code = DhtCode.FindNodeRequest,
            Source = new DhtContact(new DhtKey(new byte[32]), 1),
            Key = new DhtKey(new byte[32]),
        });
        Assert.Multiple(() =>
        {
            Assert.That(IsRead([.. good, 0x0a, 0x00]), Is.False, "code as bytes");
            Assert.That(IsRead([.. good, 0x10, 0x01]), Is.False, "src as a number");
            Assert.That(IsRead([.. good, 0x3b]), Is.False, "group");
            Assert.That(IsRead([.. good, 0x00, 0x01]), Is.False, "field 0");
            Assert.That(IsRead([.. good, 0x38, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), Is.False, "varint of 11 bytes");
            Assert.That(IsRead([.. good, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]), Is.False, "length past the end");
            Assert.That(IsRead([.. good, 0x38, 0x05]), Is.True, "unknown number");
            Assert.That(IsRead([.. good, 0x3d, 1, 2, 3, 4]), Is.True, "unknown fixed 32");
            Assert.That(IsRead([.. good, 0x39, 1, 2, 3, 4, 5, 6, 7, 8]), Is.True, "unknown fixed 64");
            Assert.That(IsRead([.. good, 0x7a, 0x02, 1, 2]), Is.True, "our mark as bytes");
        });
    }

    private static bool IsRead(byte[] data) => DhtEnvelope.TryParse(data, out _);

    private static byte[] Bytes(in DhtMessage message)
    {
        var bytes = new byte[message.Size];
        Assert.That(message.Write(bytes), Is.EqualTo(bytes.Length));
        return bytes;
    }

    private static byte[] Write(in DhtEnvelope envelope)
    {
        var contacts = new List<DhtContact>();
        foreach (var contact in envelope.Node) contacts.Add(new DhtContact(new DhtKey(contact.Id), contact.Address));
        var values = new List<ulong>();
        foreach (var value in envelope.Values)
        {
            Assert.That(AddressValue.TryRead(value, out var address), Is.True);
            values.Add(address);
        }
        AddressValue.TryRead(envelope.Store.Value, out var stored);
        var key = envelope.HasStore ? envelope.Store.Key : envelope.HasFind ? envelope.Find.Key : envelope.HasNode ? envelope.Node.Key : new byte[8];
        return Bytes(new DhtMessage
        {
            Code = (DhtCode)envelope.Code,
            Source = new DhtContact(new DhtKey(envelope.Source.Id), envelope.Source.Address),
            Key = new DhtKey(key),
            Cookie = envelope.HasFind ? envelope.Find.Cookie : envelope.Node.Cookie,
            Value = stored,
            Expiry = envelope.Store.Expiry,
            Contacts = contacts.ToArray(),
            Values = values.ToArray(),
        });
    }

    private static void AssertEqual(in DhtEnvelope envelope, JsonNode decode, string where)
    {
        Assert.That(envelope.Code, Is.EqualTo((uint)decode["code"]!), where);
        Assert.That(Convert.ToHexStringLower(envelope.Source.Id), Is.EqualTo((string)decode["src"]!["id"]!), where);
        Assert.That(envelope.Source.Address, Is.EqualTo((ulong)decode["src"]!["addr"]!), where);
        Assert.That(envelope.HasStore, Is.EqualTo(decode["store"] is not null), where);
        Assert.That(envelope.HasFind, Is.EqualTo(decode["find"] is not null), where);
        Assert.That(envelope.HasNode, Is.EqualTo(decode["node"] is not null), where);
        Assert.That(envelope.HasValues, Is.EqualTo(decode["val"] is not null), where);
        if (decode["store"] is { } store)
        {
            Assert.That(Convert.ToHexStringLower(envelope.Store.Key), Is.EqualTo((string)store["key"]!), where);
            Assert.That(Convert.ToHexStringLower(envelope.Store.Value), Is.EqualTo((string)store["val"]!), where);
            Assert.That(envelope.Store.Expiry, Is.EqualTo((uint)store["exp"]!), where);
        }
        if (decode["find"] is { } find)
        {
            Assert.That(envelope.Find.Cookie, Is.EqualTo(Cookie(find)), where);
            Assert.That(Convert.ToHexStringLower(envelope.Find.Key), Is.EqualTo((string)find["key"]!), where);
        }
        if (decode["node"] is { } node)
        {
            Assert.That(envelope.Node.Cookie, Is.EqualTo(Cookie(node)), where);
            Assert.That(Convert.ToHexStringLower(envelope.Node.Key), Is.EqualTo((string)node["key"]!), where);
            var contacts = new List<string>();
            foreach (var contact in envelope.Node) contacts.Add($"{Convert.ToHexStringLower(contact.Id)} {contact.Address}");
            Assert.That(contacts, Is.EqualTo(node["contacts"]!.AsArray().Select(c => $"{c!["id"]} {c["addr"]}")), where);
            Assert.That(envelope.Node.ContactCount, Is.EqualTo(contacts.Count), where);
        }
        if (decode["val"] is not JsonArray expected) return;
        var values = new List<string>();
        foreach (var value in envelope.Values) values.Add(Convert.ToHexStringLower(value));
        Assert.That(values, Is.EqualTo(expected.Select(v => (string)v!)), where);
        Assert.That(envelope.Values.Count, Is.EqualTo(values.Count), where);
    }

    private static ulong Cookie(JsonNode part) => ulong.Parse((string)part["cookie"]!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
