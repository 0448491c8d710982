using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Frcp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>Bytes that no peer would send. Nothing throws, nothing leaks, what is held stays bounded.</summary>
public sealed class FrcpFuzzTests
{
    private const int Mutations = 100_000;

    [Test]
    public void No_truncation_of_a_captured_packet_does_harm([Values] bool reliable)
    {
        using var rig = Busy(reliable, null);
        foreach (var bytes in Shapes())
        {
            for (var n = 1; n <= bytes.Length; n++) rig.Receive(bytes.AsSpan(0, n));
        }
        Assert.That(rig.Core.Counters.Short, Is.Positive);
        Assert.That(rig.Pool.Outstanding, Is.LessThan(600));
    }

    [Test]
    public void No_mutation_of_any_kind_of_captured_packet_does_harm([Values] bool reliable)
    {
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        var shapes = Shapes();
        Assert.That(shapes, Has.Count.GreaterThan(10));
        var seed = 0;
        foreach (var shape in shapes)
        {
            var random = new Random(++seed);
            CoreRig? rig = null;
            for (var i = 0; i < Mutations; i++)
            {
                if (i % 2000 == 0)
                {
                    rig?.Dispose();
                    rig = Busy(reliable, pool);
                }
                var bytes = Mutate(shape, random);
                try
                {
                    rig!.Receive(bytes);
                    if (i % 16 == 0) rig.Pass(random.NextInt64(50 * CoreRig.Ms));
                    if (i % 64 == 0) rig.Send((byte)i);
                }
                catch (Exception e)
                {
                    Assert.Fail($"seed {seed}, mutation {i}, {Convert.ToHexString(bytes)}: {e}");
                }
                rig!.Sent.Clear();
                rig.Delivered.Clear();
                if (pool.Outstanding > 2 * 1024) Assert.Fail($"seed {seed}, mutation {i}: {pool.Outstanding} packets are held");
            }
            rig!.Dispose();
        }
    }

    [Test]
    public void Acknowledgements_of_what_was_not_sent_and_stale_ones_change_nothing()
    {
        using var rig = new CoreRig(new FrcpParameters { Reliable = true }, uint.MaxValue - 1);
        for (byte i = 0; i < 4; i++) rig.Send(i);
        var packets = new Packets();
        foreach (var ack in new uint[] { 3, 100, 0x7FFFFFFF, 0x80000000, uint.MaxValue - 1, uint.MaxValue - 2, uint.MaxValue - 100 }) rig.Receive(packets.Ack(ack, 0));
        Assert.That(rig.Core.IsDrained, Is.False);
        Assert.That(rig.Core.Counters.BadAck, Is.GreaterThanOrEqualTo(3));
        rig.Receive(packets.Ack(2, 200));
        Assert.That(rig.Core.IsDrained, Is.True, "over the end of the numbers");
        rig.Send(9);
        rig.Receive(packets.Ack(2, 200));
        Assert.That(rig.Core.IsDrained, Is.False);
    }

    [Test]
    public void Ranges_that_were_never_sent_are_not_believed_and_forged_ones_cost_one_time_out()
    {
        using var rig = new CoreRig(new FrcpParameters { Reliable = true }, 10);
        rig.Send(1);
        Receive(rig, 10, new SackRange(11, 0x70000000));
        Receive(rig, 10, new SackRange(5, 3));
        Receive(rig, 10, new SackRange(10, 11));
        rig.Sent.Clear();
        rig.Pass(1_100 * CoreRig.Ms);
        Assert.That(rig.Sent.Any(s => s.Length == FrcpHeader.Length + 1), Is.True, "what was said to have arrived is sent again when it is not acknowledged");
    }

    [Test]
    public void A_peer_that_never_acknowledges_is_reported_after_the_retransmission_time()
    {
        using var rig = new CoreRig(new FrcpParameters { Reliable = true }, 10);
        var start = rig.Now;
        for (byte i = 0; i < 64; i++) rig.Send(i);
        Assert.That(rig.Send(1), Is.False, "the window is closed");
        while (!rig.GaveUp && rig.Now - start < 200_000 * CoreRig.Ms) rig.Pass(10 * CoreRig.Ms);
        Assert.That((rig.Now - start) / CoreRig.Ms, Is.InRange(120_000, 120_100));
        Assert.That(rig.Pool.Outstanding, Is.Zero);
        Assert.That(rig.Sent, Has.Count.LessThan(200), "it is not flooded meanwhile");
    }

    [Test]
    public void A_layer_that_takes_nothing_holds_packets_up_but_loses_none()
    {
        using var rig = new CoreRig(new FrcpParameters { Reliable = true }, 10);
        rig.Refuses = true;
        Assert.That(rig.Send(1), Is.False);
        rig.Refuses = false;
        rig.Pass(2 * CoreRig.Ms);
        Assert.That(rig.Send(1), Is.True);
        Assert.That(rig.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_closed_window_is_probed_ever_more_slowly_and_stale_windows_do_not_close_it_again()
    {
        using var rig = new CoreRig(new FrcpParameters { Reliable = true, Offer = FrcpFeatures.None }, 0);
        var packets = new Packets();
        for (byte i = 0; i < 64; i++) rig.Send(i);
        rig.Receive(packets.Ack(64, 64));
        Assert.That(rig.Send(1), Is.False);
        rig.Sent.Clear();
        rig.Pass(20_000 * CoreRig.Ms);
        Assert.That(rig.Sent, Has.Count.InRange(5, 12).And.All.EqualTo(Convert.FromHexString("100000000000000000000000")));
        rig.Receive(packets.Make(new FrcpHeader(FrcpFlags.FlowControl, 320, 0, 0), []));
        Assert.That(rig.Send(1), Is.True);
        rig.Receive(packets.Ack(65, 70));
        Assert.That(rig.Send(1), Is.True, "the older window counts for nothing");
    }

    private static void Receive(CoreRig rig, uint ack, SackRange range)
    {
        var extension = new byte[FrcpExtension.MaxLength];
        var length = FrcpExtension.Write(extension, FrcpFeatures.All, true, 1000, [range]);
        rig.Receive(new Packets().Make(new FrcpHeader(FrcpFlags.Ack | FrcpFlags.FlowControl, 200, 0, ack), extension[..length]));
    }

    /// <summary>A connection with packets on both sides and a gap.</summary>
    private static CoreRig Busy(bool reliable, PacketPool? pool)
    {
        var rig = new CoreRig(new FrcpParameters { Reliable = reliable, MaxMessage = 100_000 }, 0xFFFFFFF0, pool);
        var packets = new Packets();
        rig.Receive(packets.Data(0xFFFFFFFA, first: true));
        rig.Receive(packets.Data(0xFFFFFFFD));
        for (byte i = 0; i < 30; i++) rig.Send(i);
        rig.Receive(packets.Ack(0xFFFFFFF3, 0x100));
        return rig;
    }

    /// <summary>One packet of each kind and length in the captures, and some of ours with extensions.</summary>
    private static List<byte[]> Shapes()
    {
        var shapes = FlowCapture.Names.SelectMany(FlowCapture.Read).Select(f => f.Bytes).Where(b => b.Length > 0).DistinctBy(b => (b[0], b.Length)).ToList();
        var extension = new byte[FrcpExtension.MaxLength];
        var length = FrcpExtension.Write(extension, FrcpFeatures.All, false, 5000, [new SackRange(0xFFFFFFF5, 0xFFFFFFF8), new SackRange(0xFFFFFFFB, 2)]);
        shapes.Add(new Packets().Make(new FrcpHeader(FrcpFlags.Ack | FrcpFlags.FlowControl, 0x80, 0, 0xFFFFFFF3), extension[..length]));
        shapes.Add(new Packets().Make(new FrcpHeader(FrcpFlags.Data | FrcpFlags.Fragment, 0, 0xFFFFFFFB, 0), [0, 0, 0, 9, 1, 2, 3]));
        return shapes;
    }

    private static byte[] Mutate(byte[] shape, Random random)
    {
        var bytes = (byte[])shape.Clone();
        switch (random.Next(5))
        {
            case 0:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                break;
            case 1:
                for (var n = random.Next(1, 8); n > 0; n--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes = bytes[..random.Next(1, bytes.Length + 1)];
                break;
            case 3:
                // Near our own numbers, where it can do most.
                if (bytes.Length >= FrcpHeader.Length)
                {
                    new FrcpHeader(
                        (FrcpFlags)random.Next(256), (uint)random.Next(-300, 300) & 0xFFFFFF, 0xFFFFFFFA + (uint)random.Next(-300, 300),
                        0xFFFFFFF0 + (uint)random.Next(-300, 300)).Write(bytes);
                }
                break;
            default:
                var longer = new byte[bytes.Length + random.Next(1, 80)];
                random.NextBytes(longer);
                bytes.CopyTo(longer, 0);
                bytes = longer;
                break;
        }
        return bytes;
    }
}
