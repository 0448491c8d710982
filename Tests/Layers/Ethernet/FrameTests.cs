using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet;
using Ouroboros.Layers.Ethernet.Sockets;
using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Tests.Layers.Ethernet;

public class FrameTests : PoolTest
{
    private static readonly LinkAddress A = EthernetCapture.ClientMac;
    private static readonly LinkAddress B = EthernetCapture.ServerMac;

    [TestCase(false, 1496)]
    [TestCase(true, 1497)]
    public void The_largest_payload_at_mtu_1500_makes_a_frame_of_1514_bytes(bool llc, int payload)
    {
        IShimCodec codec = Codec(llc);
        Assert.That(codec.MaxPayload(1500), Is.EqualTo(payload));
        using var packet = Pool.Rent(payload);

        Assert.That(codec.TrySeal(packet, new ShimRoute(A, B, 2, 3)), Is.True);
        Assert.That(packet.Length, Is.EqualTo(1514));
        Assert.That(codec.TryOpen(packet, out var header), Is.True);
        Assert.That((packet.Length, header.Eid, header.Source), Is.EqualTo((payload, 3u, A)));
    }

    [Test]
    public void Jumbo_frames_carry_more_in_dix_but_not_in_llc()
    {
        Assert.That(Codec(false).MaxPayload(9000), Is.EqualTo(8996));
        Assert.That(Codec(true).MaxPayload(9000), Is.EqualTo(1497), "802.3 lengths end at 1500");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void An_empty_data_frame_is_opened(bool llc)
    {
        IShimCodec codec = Codec(llc);
        using var packet = Pool.Rent(1);
        packet.Truncate(0);
        codec.TrySeal(packet, new ShimRoute(A, B, 2, 3));

        Assert.That(packet.Length, Is.EqualTo(llc ? 17 : 18));
        Assert.That(codec.TryOpen(packet, out var header), Is.True);
        Assert.That((packet.Length, header.IsManagement), Is.EqualTo((0, false)));
    }

    [TestCase((ushort)0xA001, ShimDrop.OtherProtocol)]
    [TestCase((ushort)0x0800, ShimDrop.OtherProtocol)]
    [TestCase((ushort)0x0100, ShimDrop.OtherProtocol)]
    public void Dix_takes_its_own_ethertype_only(ushort type, ShimDrop expected)
    {
        using var packet = Pool.Rent(100);
        packet.Span.Clear();
        EthernetHeader.Write(packet.Span, B, A, type);

        Assert.That(Codec(false).TryOpen(packet, out var header), Is.False);
        Assert.That((header.Drop, packet.Length), Is.EqualTo((expected, 100)));
    }

    [TestCase((ushort)0x0600, ShimDrop.OtherProtocol)]
    [TestCase((ushort)2, ShimDrop.LengthBeyondFrame)]
    [TestCase((ushort)87, ShimDrop.LengthBeyondFrame)]
    public void Llc_takes_lengths_that_the_frame_has(ushort length, ShimDrop expected)
    {
        using var packet = Pool.Rent(100);
        packet.Span.Clear();
        EthernetHeader.Write(packet.Span, B, A, length);
        LlcHeader.Write(packet.Span[EthernetHeader.Length..], 2, 2);

        Assert.That(Codec(true).TryOpen(packet, out var header), Is.False);
        Assert.That(header.Drop, Is.EqualTo(expected));
    }

    [Test]
    public void Every_pair_of_saps_is_opened_or_dropped()
    {
        var codec = Codec(true);
        for (var to = 0; to < 256; to++)
        {
            for (var from = 0; from < 256; from += 5)
            {
                using var packet = Pool.Rent(60);
                EthernetHeader.Write(packet.Span, B, A, 40);
                LlcHeader.Write(packet.Span[EthernetHeader.Length..], (byte)to, (byte)from);
                var opened = codec.TryOpen(packet, out var header);
                Assert.That(opened, Is.EqualTo(from != 0 && (to == 1) == (from == 1)), $"{from} > {to}");
                if (opened) Assert.That((header.Eid, header.SourceEid), Is.EqualTo(((uint)to, (uint)from)));
            }
        }
    }

    [TestCase((ushort)0xA000, 0xA000, 0, false, "0200000000A2", true)]
    [TestCase((ushort)0xA000, 0xA001, 0, false, "0200000000A2", false)]
    [TestCase((ushort)0xA000, 0xA000, 1, false, "FFFFFFFFFFFF", true)]
    [TestCase((ushort)0xA000, 0xA000, 2, false, "01005E000001", false)]
    [TestCase((ushort)0xA000, 0xA000, 3, false, "0200000000BE", false)]
    [TestCase((ushort)0xA000, 0xA000, 3, false, "000000000000", true)]
    [TestCase((ushort)0xA000, 0xA000, 3, false, "000000000001", false)]
    [TestCase((ushort)0xA000, 0xA000, 4, false, "FFFFFFFFFFFF", false)]
    [TestCase((ushort)0xA000, 0xA000, 0, true, "0200000000A2", false)]
    [TestCase(null, 0x0043, 0, false, "0200000000A2", true)]
    [TestCase(null, 0x0600, 0, false, "0200000000A2", false)]
    public void The_kernel_s_filter_takes_what_is_ours(ushort? etherType, int type, int packetType, bool vlan, string destination, bool taken)
    {
        var frame = new byte[60];
        Convert.FromHexString(destination).CopyTo(frame, 0);
        (frame[12], frame[13]) = ((byte)(type >> 8), (byte)type);
        var program = etherType is { } own ? PacketFilter.ForEtherType(own) : PacketFilter.ForLlc();

        Assert.That(RunFilter(program, frame, packetType, vlan), Is.EqualTo(taken));
    }

    /// <summary>The few instructions of classic BPF that the filter has.</summary>
    private static bool RunFilter(Libc.FilterInstruction[] program, byte[] frame, int packetType, bool vlan)
    {
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var i = program[at];
            switch (i.Code)
            {
                case 0x20:
                    accumulator = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan((int)i.K));
                    break;
                case 0x28:
                    accumulator = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan((int)i.K));
                    break;
                case 0x30:
                    accumulator = i.K == unchecked((uint)-0x1000 + 4) ? (uint)packetType : i.K == unchecked((uint)-0x1000 + 48) ? (vlan ? 1u : 0u) : frame[i.K];
                    break;
                case 0x15:
                    at += accumulator == i.K ? i.JumpTrue : i.JumpFalse;
                    break;
                case 0x35:
                    at += accumulator >= i.K ? i.JumpTrue : i.JumpFalse;
                    break;
                case 0x06:
                    return i.K != 0;
                default:
                    throw new InvalidOperationException($"instruction {i.Code:x}");
            }
        }
    }

    private static IShimCodec Codec(bool llc) => llc ? new LlcCodec(32) : new DixCodec(EthernetConfig.DefaultEtherType, 32);
}
