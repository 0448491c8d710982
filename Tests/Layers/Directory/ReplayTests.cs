using System.Text.Json.Nodes;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Puts a node of ours in the place of one in a capture and gives it what that one received.</summary>
public sealed class ReplayTests
{
    private static IEnumerable<TestCaseData> Places => Capture.Names.SelectMany(name =>
        Capture.Read(name).Where(m => m.Message?["src"] is not null && (int)m.Decode["ttl"]! == 60 && m.Frame is not (14 or 60))
            .Select(m => (ulong)m.Message!["src"]!["addr"]!).Where(a => a is not (0 or 0x0badcafe or 0x0badc0de)).Distinct()
            .Select(address => new TestCaseData(name, address)));

    [TestCaseSource(nameof(Places))]
    public void Our_node_answers_whatever_the_reference_answered_in_its_place(string name, ulong address)
    {
        var frames = Capture.Read(name);
        var id = frames.Select(f => f.Message?["src"]).First(s => s is not null && (ulong)s["addr"]! == address
            && !((string)s["id"]!).StartsWith("4041", StringComparison.Ordinal))!;
        var output = new Recorder();
        var node = new DhtNode(new DhtOptions(), new DhtKey(Convert.FromHexString((string)id["id"]!)), address, output, new Random(1));
        var start = frames[0].UnixSeconds;
        node.Start(0, new DhtTime(0, start));
        var answered = 0;
        foreach (var frame in frames.Where(f => f.To == address))
        {
            output.Sent.Clear();
            node.Receive(frame.Bytes, new DhtTime((frame.UnixSeconds - start) * 1000, frame.UnixSeconds));
            var answer = frames.FirstOrDefault(f => IsAnswer(f, frame, address));
            if (answer is null) continue;
            answered++;
            var ours = output.Sent.FirstOrDefault(s => s.To == answer.To && s.Code == (DhtCode)(int)answer.Message!["code"]!);
            Assert.That(ours.Bytes, Is.Not.Null, $"{frame} got no answer");
            Assert.That(DhtEnvelope.TryParse(ours.Bytes, out var envelope), Is.True);
            Assert.That(envelope.Node.Cookie, Is.EqualTo(Convert.ToUInt64((string)answer.Message!["node"]!["cookie"]!, 16)), frame.ToString());
            Assert.That(Convert.ToHexStringLower(envelope.Node.Key), Is.EqualTo((string)answer.Message!["node"]!["key"]!));
            Assert.That(envelope.Node.ContactCount, Is.InRange(1, 8));
            Assert.That(envelope.HasValues, Is.EqualTo(answer.Message!["val"] is not null));
            var expected = (answer.Message!["val"] as JsonArray)?.Count(v => ((string)v!).Length == 16) ?? 0;
            // A value that the reference had registered itself it did not get from anybody, so ours has it not.
            var registered = frames.Any(f => f.Message?["store"] is not null && (ulong)f.Message!["src"]!["addr"]! == address);
            if (!registered) Assert.That(envelope.Values.Count, Is.EqualTo(expected), frame.ToString());
        }
        TestContext.Out.WriteLine($"{answered} requests answered; dropped {node.Counters.DroppedInAll}");
    }

    // Rows of the table in Tests/Vectors/dht/README.md: frame, what ours does.
    [TestCase(5, true)]
    [TestCase(7, true)]
    [TestCase(9, true)]
    [TestCase(11, false, DhtDrop.KeyLength)]
    [TestCase(12, false, DhtDrop.SourceId)]
    [TestCase(13, false, DhtDrop.SourceAddress)]
    [TestCase(14, false, DhtDrop.Code)]
    [TestCase(15, true)]
    [TestCase(17, true)]
    [TestCase(19, false, DhtDrop.MissingPart)]
    [TestCase(20, true)]
    [TestCase(22, false)]
    [TestCase(25, false, DhtDrop.Value)]
    [TestCase(26, false, DhtDrop.Value)]
    [TestCase(27, false, DhtDrop.Expired)]
    [TestCase(49, false, DhtDrop.UnknownCookie)]
    [TestCase(52, false, DhtDrop.Malformed)]
    [TestCase(60, false, DhtDrop.SourceIsSelf)]
    public void Each_crafted_message_is_answered_or_dropped_for_its_reason(int frame, bool answered, DhtDrop? reason = null)
    {
        var (node, output) = Crafted();
        var message = Capture.Read("dht-e-crafted").Single(f => f.Frame == frame);
        node.Receive(message.Bytes, new DhtTime(1000, message.UnixSeconds));
        Assert.That(output.Sent.Any(s => s.Code is DhtCode.FindNodeAnswer or DhtCode.FindValueAnswer), Is.EqualTo(answered));
        Assert.That(node.Counters.DroppedInAll, Is.EqualTo(reason is null ? 0 : 1));
        if (reason is { } dropped) Assert.That(node.Counters.Dropped(dropped), Is.EqualTo(1));
        Assert.That(node.ContactCount, Is.Zero, "nobody is believed to be there before he answered");
    }

    [Test]
    public void An_expiry_in_the_far_future_is_cut_to_the_life_of_values()
    {
        var (node, output) = Crafted();
        var store = Capture.Read("dht-e-crafted").Single(f => f.Frame == 30);
        node.Receive(store.Bytes, new DhtTime(1000, store.UnixSeconds));
        Assert.That(node.ValueCount, Is.EqualTo(1));
        var find = Capture.Read("dht-e-crafted").Single(f => f.Frame == 31);
        node.Receive(find.Bytes, new DhtTime(2000, store.UnixSeconds + 86_400));
        Assert.That(Values(output.Sent[^1].Bytes), Is.EqualTo(1));
        node.Receive(find.Bytes, new DhtTime(3000, store.UnixSeconds + 86_401));
        Assert.That(output.Sent.Last(s => s.Code == DhtCode.FindValueAnswer).Bytes, Is.Not.Null);
        Assert.That(Values(output.Sent.Last(s => s.Code == DhtCode.FindValueAnswer).Bytes), Is.Zero);
    }

    [Test]
    public void Of_twelve_values_for_one_key_eight_are_kept_and_answered()
    {
        var (node, output) = Crafted();
        foreach (var frame in Capture.Read("dht-e-crafted").Where(f => f.Frame is >= 35 and <= 47))
        {
            node.Receive(frame.Bytes, new DhtTime(frame.Frame * 1000, frame.UnixSeconds));
        }
        Assert.That(node.ValueCount, Is.EqualTo(8));
        Assert.That(Values(output.Sent.Last(s => s.Code == DhtCode.FindValueAnswer).Bytes), Is.EqualTo(8));
    }

    private static (DhtNode Node, Recorder Output) Crafted()
    {
        var output = new Recorder();
        var source = Capture.Read("dht-e-crafted")[0].Message!["src"]!;
        var id = new DhtKey(Convert.FromHexString((string)source["id"]!));
        var node = new DhtNode(new DhtOptions(), id, (ulong)source["addr"]!, output, new Random(1));
        node.Start(0, new DhtTime(0, 1_795_219_500));
        return (node, output);
    }

    private static int Values(byte[] answer) => DhtEnvelope.TryParse(answer, out var envelope) ? envelope.Values.Count : -1;

    private static bool IsAnswer(CapturedMessage answer, CapturedMessage request, ulong by) =>
        request.Message?["find"] is { } find && answer.Message?["node"] is { } node && (ulong)answer.Message!["src"]!["addr"]! == by
        && (string)node["cookie"]! == (string)find["cookie"]! && (string)node["key"]! == (string)find["key"]!
        && answer.Frame > request.Frame;

    private sealed class Recorder : IDhtOutput
    {
        public List<(ulong To, DhtCode Code, byte[] Bytes)> Sent { get; } = [];

        public bool Send(ulong address, in DhtMessage message)
        {
            var bytes = new byte[message.Size];
            message.Write(bytes);
            Sent.Add((address, message.Code, bytes));
            return true;
        }

        public bool CanReach(ulong address) => true;

        public int Members(Span<ulong> into) => 0;

        public void Complete(in DhtQueryResult result)
        {
        }
    }
}
