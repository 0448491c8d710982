using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Tests.Layers.Ethernet;

/// <summary>
/// Damaged frames, given to a core in the middle of its work and to codec and printer. Nothing throws, no packet leaks, tables stay within
/// their bounds, and each frame is either handled or counted.
/// </summary>
public class FuzzTests : PoolTest
{
    private const int Mutations = 100_000;

    [TestCaseSource(typeof(EthernetCapture), nameof(EthernetCapture.All))]
    public void Every_truncation_of_every_frame_is_taken(string folder, string name)
    {
        var host = Busy(folder);
        foreach (var frame in EthernetCapture.Read(folder, name))
        {
            for (var length = 0; length < frame.Length; length++)
            {
                var before = host.Counters.Total;
                Feed(host, frame.AsSpan(0, length));
                // A shorter frame announces more than it has.
                Assert.That(host.Counters.Total, Is.EqualTo(before + 1), $"{length} bytes of {FramePrinter.Describe(frame, 32)}");
            }
        }
        CheckBounds(host);
    }

    [TestCase("eth-dix")]
    [TestCase("eth-llc")]
    [TestCase("tools")]
    public void A_hundred_thousand_mutations_of_every_frame_are_taken(string folder)
    {
        const int Seed = 20261126;
        var random = new Random(Seed);
        var host = Busy(folder);
        var buffer = new byte[2048];
        foreach (var frame in EthernetCapture.Distinct(folder))
        {
            for (var i = 0; i < Mutations; i++)
            {
                frame.CopyTo(buffer, 0);
                var length = Mutate(buffer, frame.Length, random);
                try
                {
                    Feed(host, buffer.AsSpan(0, length), describe: i % 64 == 0);
                    if (i % 64 == 0) host.Advance(1);
                }
                catch (Exception e)
                {
                    Assert.Fail($"seed {Seed}, mutation {i} of {FramePrinter.Describe(frame, 32)}: {Convert.ToHexString(buffer, 0, length)}: {e}");
                }
                host.Events();
                while (host.Core.TryTakeTransmit(out _))
                {
                }
            }
        }
        Assert.That(host.Counters.Total, Is.Positive);
        CheckBounds(host);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Noise_is_taken(bool llc)
    {
        var random = new Random(7);
        var host = Busy(llc ? "eth-llc" : "eth-dix");
        var buffer = new byte[300];
        for (var i = 0; i < Mutations; i++)
        {
            random.NextBytes(buffer);
            // Past the test for the protocol, or nothing else would ever be tried.
            if (i % 2 == 0) (buffer[12], buffer[13]) = llc ? ((byte)0, (byte)random.Next(256)) : ((byte)0xA0, (byte)0);
            if (i % 4 == 0) (buffer[14], buffer[15]) = llc ? ((byte)0x80, (byte)0x80) : ((byte)0, (byte)0);
            Feed(host, buffer.AsSpan(0, random.Next(buffer.Length)));
            host.Events();
            host.Sent();
        }
        CheckBounds(host);
    }

    private static int Mutate(Span<byte> frame, int length, Random random)
    {
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            switch (random.Next(5))
            {
                case 0:
                    frame[random.Next(length)] = (byte)random.Next(256);
                    break;
                case 1:
                    frame[random.Next(length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    frame[random.Next(length)] = random.Next(2) == 0 ? byte.MinValue : byte.MaxValue;
                    break;
                case 3:
                    length = Math.Max(1, random.Next(length + 1));
                    break;
                default:
                    var more = random.Next(40);
                    random.NextBytes(frame.Slice(length, more));
                    length += more;
                    break;
            }
            length = Math.Min(length, 1600);
        }
        return length;
    }

    /// <summary>A core with names, queries under way, a pending and an open flow.</summary>
    private ShimHost Busy(string folder)
    {
        var host = new ShimHost(Pool, EthernetCapture.ServerMac, folder == "eth-llc");
        host.Core.Register(ShimHost.Oping);
        host.Core.Query(new Ouroboros.Crypto.Hashing.NameHash(new byte[32]), "q", host.Now);
        host.Core.Learn(ShimHost.Oping, EthernetCapture.ClientMac, TimeSpan.FromHours(1), host.Now);
        for (var i = 1; i <= 8; i++) host.Allocate(i, ShimHost.Handshake(i));
        host.Sent();
        return host;
    }

    /// <summary>As port and actor do it.</summary>
    private void Feed(ShimHost host, ReadOnlySpan<byte> bytes, bool describe = true)
    {
        if (describe) FramePrinter.Describe(bytes, 32);
        if (bytes.IsEmpty)
        {
            host.Counters.Note(ShimDrop.FrameTooShort);
            return;
        }
        using var packet = Pool.Rent(bytes.Length);
        bytes.CopyTo(packet.Span);
        if (!host.Codec.TryOpen(packet, out var header))
        {
            host.Counters.Note(header.Drop);
            return;
        }
        if (header.IsManagement)
        {
            host.Core.Receive(packet.Span, header.Source, host.Now);
            return;
        }
        var flow = host.Core.Find(header.Eid);
        if (flow is null || !flow.IsFromPeer(header)) host.Counters.Note(flow is null ? ShimDrop.UnknownEid : ShimDrop.WrongPeer);
    }

    private static void CheckBounds(ShimHost host)
    {
        var settings = new ShimSettings();
        Assert.That(host.Core.ArrivedCount, Is.LessThanOrEqualTo(settings.MaxArrived));
        Assert.That(host.Core.RememberedCount, Is.LessThanOrEqualTo(settings.MaxArrived + 4096));
        Assert.That(host.Core.DirectoryCount, Is.LessThanOrEqualTo(2), "nothing is learnt that was not asked for");
        Assert.That(host.Core.FlowCount, Is.LessThanOrEqualTo(8));
    }
}
