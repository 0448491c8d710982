using System.Globalization;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>What the reference sent: read and written back, forwarded as its node in the middle did, and its congestion avoidance step by step.</summary>
public sealed class ReplayTests : PoolTest
{
    private readonly ManualTimeProvider _time = new();

    [TestCaseSource(typeof(UnicastCapture), nameof(UnicastCapture.Names))]
    public void Every_header_and_message_is_written_back_byte_for_byte(string name)
    {
        var hash = name.StartsWith("sha512", StringComparison.Ordinal) ? 64 : 32;
        var messages = 0;
        foreach (var (frame, _, packet) in UnicastCapture.Read(name))
        {
            if (packet.Length == 0) continue;
            Assert.That(DataTransferHeader.TryRead(packet, out var header), Is.True);
            var again = packet.ToArray();
            again.AsSpan(0, DataTransferHeader.Length).Clear();
            header.Write(again);
            Assert.That(again, Is.EqualTo(packet), $"frame {frame}");
            if (header.Eid != 0) continue;
            var bytes = packet.AsSpan(DataTransferHeader.Length);
            if (!FlowAllocatorMessage.TryParse(bytes, hash, out var message, out var drop))
            {
                Assert.That(name, Does.StartWith("inject"));
                Assert.That(drop, Is.AnyOf(FlowAllocatorDrop.TooShort, FlowAllocatorDrop.UnknownCode));
                continue;
            }
            Assert.That(message.ToArray(), Is.EqualTo(bytes.ToArray()), $"frame {frame}");
            Assert.That(message.IsFromOurs, Is.False);
            messages++;
        }
        Assert.That(messages, Is.Positive);
    }

    [TestCase("line3", 0x4AC5A8B6U, 0x35C0E620U, 0xB06DD79BU)]
    [TestCase("inject", 0x3712BC0DU, 0x0C68723CU, 0x4C0D05A9U)]
    [TestCase("reject", 0x3712BC0DU, 0x0C68723CU, 0x4C0D05A9U)]
    public void The_member_in_the_middle_forwards_as_the_reference_did(string name, uint first, uint middle, uint last)
    {
        var dataTransfer = new DataTransfer(Printed(middle), new DataTransferConfig(), Pool, _time);
        var (left, leftPeer) = Pair();
        var (right, rightPeer) = Pair();
        var toLeft = dataTransfer.AddAdjacency(left, Printed(first), QosCube.BestEffort);
        var toRight = dataTransfer.AddAdjacency(right, Printed(last), QosCube.BestEffort);
        dataTransfer.Install([new Route(Printed(first), [Printed(first)]), new Route(Printed(last), [Printed(last)])]);
        var l12 = UnicastCapture.Read(name + "-l12");
        var l23 = UnicastCapture.Read(name + "-l23");
        Check(dataTransfer, toLeft, l12.Where(p => p.Source == 0x01), rightPeer, l23.Where(p => p.Source == 0x02), 60);
        // In that capture packets are put on the first link only, and nobody answers.
        if (name != "inject") Check(dataTransfer, toRight, l23.Where(p => p.Source == 0x03), leftPeer, l12.Where(p => p.Source == 0x02), 60);
        dataTransfer.Close();
        foreach (var end in new[] { left, leftPeer, right, rightPeer }) end.Close();
        if (name != "inject") return;
        Assert.That(dataTransfer.Counters[DataTransferDrop.TimeToLive], Is.EqualTo(2), "TTL 1, and 0, which the reference lets through");
        Assert.That(dataTransfer.Counters[DataTransferDrop.NoRoute], Is.EqualTo(1));
    }

    [Test]
    public void Marks_are_those_of_the_reference()
    {
        var policy = CongestionPolicies.Find(1);
        foreach (var row in Rows("mb-ecn-mark.csv")) Assert.That(policy.Mark((byte)row[1], (int)row[0]), Is.EqualTo((byte)row[2]), string.Join(',', row));
    }

    [Test]
    public void The_receiver_tells_what_the_reference_tells_when_it_does()
    {
        var receiver = default(CongestionReceiver);
        foreach (var row in Rows("mb-ecn-rcv.csv"))
        {
            var tell = receiver.OnReceived((byte)row[1]);
            Assert.That((receiver.Level, receiver.Marked, tell), Is.EqualTo(((ushort)row[2], (uint)row[3], row[4] == 1)), $"packet {row[0]}");
            if (tell) Assert.That(receiver.Level, Is.EqualTo((ushort)row[5]));
        }
    }

    [TestCase("slow")]
    [TestCase("fast")]
    [TestCase("mixed")]
    public void The_sender_goes_through_the_states_of_the_reference(string name)
    {
        var sender = new CongestionSender(1_000_000_000_000);
        var rows = 0;
        foreach (var line in File.ReadLines(UnicastCapture.PathOf($"mb-ecn-snd-{name}.csv")).Skip(1))
        {
            rows++;
            var cells = line.Split(',');
            var n = cells.Select(c => long.TryParse(c, CultureInfo.InvariantCulture, out var v) ? v : -1).ToArray();
            if (cells[0] == "ece")
            {
                sender.OnUpdate((ushort)n[2]);
                continue;
            }
            var wait = Math.Max(sender.OnSent((int)n[2], n[1]), 0);
            Assert.That(
                new[] { sender.Shift, (long)sender.Slot, (long)sender.Limit, (long)sender.Bytes, (long)sender.Packets, (long)sender.Increment, sender.Level, sender.SinceUpdate, sender.Avoids ? 1 : 0, wait },
                Is.EqualTo(n[3..13]), line);
        }
        Assert.That(rows, Is.GreaterThan(30));
    }

    [Test]
    public void The_marks_of_a_jam_lead_to_the_updates_of_the_reference()
    {
        int[][] expected =
        [
            [1, 3, 11, 22, 35, 46, 62, 74, 90, 104, 120, 135, 151, 167, 183, 199, 215, 0],
            [1, 3, 11, 22, 35, 0, 1, 3, 11, 0],
        ];
        var packets = UnicastCapture.Read("ecn-l12").Where(p => p.Packet.Length >= DataTransferHeader.Length).ToList();
        for (byte source = 1; source <= 2; source++)
        {
            var receiver = default(CongestionReceiver);
            var told = new List<int>();
            foreach (var (_, _, packet) in packets.Where(p => p.Source == source))
            {
                DataTransferHeader.TryRead(packet, out var header);
                if (header.Eid > 64 && receiver.OnReceived(header.Ecn)) told.Add(receiver.Level);
            }
            Assert.That(told, Is.EqualTo(expected[source - 1]));
        }
    }

    private static void Check(
        DataTransfer dataTransfer, int from, IEnumerable<(int Frame, byte Source, byte[] Packet)> input,
        FlowEndpoint output, IEnumerable<(int Frame, byte Source, byte[] Packet)> expected, byte full)
    {
        var came = new List<byte[]>();
        foreach (var (_, _, bytes) in input)
        {
            var packet = output.Pool.Rent(bytes.Length);
            bytes.CopyTo(packet.Span);
            dataTransfer.Receive(from, packet);
            // Read at once: a queue would mark what joins it.
            while (output.TryRead(out Packet forwarded) == FlowError.None)
            {
                came.Add(forwarded.Span.ToArray());
                forwarded.Dispose();
            }
        }
        // Those with the full TTL are its own, and 255 is the reference's 0.
        var wanted = expected.Where(p => p.Packet.Length > 0 && p.Packet[5] != full && p.Packet[5] != 255).Select(p => p.Packet).ToList();
        Assert.That(wanted, Is.Not.Empty);
        Assert.That(came, Is.EqualTo(wanted));
    }

    private static IEnumerable<long[]> Rows(string file) =>
        File.ReadLines(UnicastCapture.PathOf(file)).Skip(1).Select(l => l.Split(',').Select(c => c.Length == 0 ? 0 : long.Parse(c, CultureInfo.InvariantCulture)).ToArray());

    private static ulong Printed(uint address) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(address);

    private (FlowEndpoint, FlowEndpoint) Pair()
    {
        var (a, b) = (new FlowEndpoint(Pool, _time), new FlowEndpoint(Pool, _time));
        EndpointLink.Connect(a, b);
        return (a, b);
    }
}
