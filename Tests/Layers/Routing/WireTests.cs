using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Layers.Unicast.Routing.Wire;
using Ouroboros.Tests.Layers.Ethernet;

namespace Ouroboros.Tests.Layers.Routing;

/// <summary>Announcements as the reference sends them, its captures given to a member, and whatever else can come.</summary>
public sealed class WireTests
{
    private const int Mutations = 100_000;
    private const ulong U1 = 0x32b092c7;
    private const ulong U2 = 0x41d1773a;
    private const ulong U3 = 0x11b37543;

    private static readonly string[] s_captures = ["line-a", "line-b", "triangle-13", "reconnect-13", "zombie"];

    [Test]
    public void Captured_announcements_are_read_as_decoded_and_written_back_byte_for_byte()
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "routing", "lsa.json");
        var decoded = JsonNode.Parse(File.ReadAllText(path))!.AsArray();
        Assert.That(decoded, Has.Count.EqualTo(10));
        foreach (var entry in decoded)
        {
            var bytes = Convert.FromHexString((string)entry!["hex"]!);
            Assert.That(Lsa.TryParse(bytes, out var lsa), Is.True);
            Assert.That(lsa, Is.EqualTo(new Lsa((ulong)entry["s_addr"]!, (ulong)entry["d_addr"]!, (ulong)entry["seqno"]!)));
            var written = new byte[Lsa.AnnouncementSize];
            Assert.That(lsa.Write(written), Is.EqualTo(Lsa.AnnouncementSize));
            Assert.That(written, Is.EqualTo(bytes));
        }
    }

    [Test]
    public void A_withdrawal_is_shorter_than_an_announcement_and_comes_back_as_it_was()
    {
        var lsa = new Lsa(new LinkKey(U1, U2), 1UL << 40, Withdrawn: true);
        var bytes = new byte[Lsa.AnnouncementSize];
        Assert.That(lsa.Write(bytes), Is.EqualTo(Lsa.WithdrawalSize));
        Assert.That(Lsa.TryParse(bytes.AsSpan(0, Lsa.WithdrawalSize), out var read), Is.True);
        Assert.That(read, Is.EqualTo(lsa));
        Assert.That(new Lsa(new LinkKey(1UL << 32, 1), 0, Withdrawn: true).CanBeWritten, Is.False);
    }

    [TestCaseSource(nameof(s_captures))]
    public void A_member_follows_a_captured_run_of_the_reference(string capture)
    {
        var member = new Member(0x7777).Connect(U2);
        var count = 0;
        foreach (var bytes in Announcements(capture))
        {
            member.Node.Receive((int)U2, bytes, member.Now);
            member.Advance(0.05);
            count++;
        }
        Assert.That(count, Is.GreaterThan(5));
        Assert.That(member.Node.Counters.DroppedInAll, Is.Zero);
        Assert.That(member.Node.Counters.News + member.Node.Counters.Old, Is.EqualTo(count));
        member.Hear((int)U2, U2, 0x7777, 0);
        member.Advance(1);
        if (capture is "line-b" or "triangle-13") Assert.That((member.Via(U1), member.Via(U3)), Is.EqualTo(($"{U2}", $"{U2}")));
    }

    [Test]
    public void The_zombie_of_the_reference_does_not_rise_here()
    {
        // u3 has taken its link to u2 down and connected management again: u2 hands it its own old link, sequence number 86.
        var u3 = new Member(U3);
        u3.Node.AddManagement(2, U2, 0);
        foreach (var bytes in Announcements("zombie"))
        {
            Assert.That(Lsa.TryParse(bytes, out var lsa), Is.True);
            if (lsa.Link.Source != U3 || lsa.Sequence <= 86) u3.Node.Receive(2, bytes, u3.Now);
        }
        u3.Advance(120);
        Assert.That(u3.Routes, Is.Empty);
        Assert.That(u3.Sent.Where(s => s.Lsa.Link.Source == U3 && !s.Lsa.Withdrawn), Is.Empty);
    }

    [Test]
    public void Every_truncation_of_both_messages_is_counted_and_does_nothing()
    {
        var member = new Member(1).Connect(2);
        foreach (var lsa in new[] { new Lsa(5, 6, 7), new Lsa(new LinkKey(5, 6), 7, Withdrawn: true) })
        {
            var bytes = new byte[lsa.Size];
            lsa.Write(bytes);
            // Empty and one byte are keep-alives. A cut announcement of 17 bytes begins with 0, so it is no withdrawal.
            for (var length = 2; length < bytes.Length; length++) member.Node.Receive(2, bytes.AsSpan(0, length), 0);
        }
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.Malformed), Is.EqualTo(22 + 15));
        Assert.That(member.Node.LinkCount, Is.EqualTo(1));
    }

    [Test]
    public void A_hundred_thousand_mutations_of_each_message_leave_a_member_sound([Values] bool withdrawn, [Values(0, 1, 2)] int policy)
    {
        var seed = (withdrawn ? 10 : 20) + policy;
        var random = new Random(seed);
        var config = LinkStateConfig.Default with { Policy = policy, MaxLinks = 400, MaxLinksPerMember = 40 };
        var member = new Member(1, config).Connect(2).Connect(3);
        var buffer = new byte[40];
        for (var i = 0; i < Mutations; i++)
        {
            // Small addresses, so that links meet and make a graph.
            var lsa = new Lsa(new LinkKey((ulong)random.Next(1, 12), (ulong)random.Next(1, 12)), (ulong)random.Next(64), withdrawn);
            var length = lsa.Write(buffer);
            for (var n = random.Next(4); n > 0; n--)
            {
                switch (random.Next(4))
                {
                    case 0: buffer[random.Next(length)] ^= (byte)(1 << random.Next(8)); break;
                    case 1: buffer[random.Next(length)] = (byte)random.Next(256); break;
                    case 2: length = random.Next(1, buffer.Length + 1); break;
                    case 3: buffer.AsSpan(random.Next(length)).Fill(random.Next(2) == 0 ? (byte)0 : (byte)255); break;
                }
                length = Math.Max(length, 1);
            }
            try
            {
                member.Node.Receive(random.Next(2, 4), buffer.AsSpan(0, length), member.Now);
                if (i % 16 == 0) member.Advance(random.Next(1000) / 1000.0);
                member.Sent.Clear();
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, mutation {i}: {Convert.ToHexString(buffer.AsSpan(0, length))}: {e}");
            }
        }
        Assert.That(member.Node.LinkCount, Is.LessThanOrEqualTo(400 + 40));
        Assert.That(member.Node.RouteCount, Is.LessThanOrEqualTo(400));
        Assert.That(member.Node.Backlog, Is.LessThanOrEqualTo(2 * 900));
    }

    // Frames of eth-dix: addresses 12, type 2, endpoint id 2, length 2; what is 24 bytes long there is an announcement.
    private static IEnumerable<byte[]> Announcements(string capture)
    {
        foreach (var frame in EthernetCapture.Read("routing", capture + ".pcap"))
        {
            if (frame.Length >= 18 + Lsa.AnnouncementSize && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(16)) == Lsa.AnnouncementSize
                && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(14)) >= 0x40)
            {
                yield return frame.AsSpan(18, Lsa.AnnouncementSize).ToArray();
            }
        }
    }
}
