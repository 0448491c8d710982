using System.Buffers.Binary;
using Ouroboros.Layers.Unicast.Wire;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Packets of data transfer in a capture of the reference (Tests/Vectors/unicast/README.md).</summary>
internal static class UnicastCapture
{
    private const int FileHeader = 24, RecordHeader = 16, FrameHeader = 18;
    private const ushort DataTransferEid = 65;

    public static readonly string[] Names =
    [
        "line3-l12", "line3-l23", "inject-l12", "inject-l23", "reject-l12", "reject-l23", "ecn-l12", "keepalive-l12", "sha512-none-l12",
    ];

    /// <summary>All packets of data transfer: their frame, the last byte of the source's MAC address, bytes.</summary>
    public static List<(int Frame, byte Source, byte[] Packet)> Read(string name)
    {
        var file = File.ReadAllBytes(PathOf(name + ".pcap"));
        var packets = new List<(int, byte, byte[])>();
        var number = 0;
        for (var offset = FileHeader; offset < file.Length;)
        {
            number++;
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset + 8));
            var frame = file.AsSpan(offset + RecordHeader, length);
            offset += RecordHeader + length;
            if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != 0xA000 || BinaryPrimitives.ReadUInt16BigEndian(frame[14..]) != DataTransferEid) continue;
            var packet = frame.Slice(FrameHeader, BinaryPrimitives.ReadUInt16BigEndian(frame[16..])).ToArray();
            // Connection establishment comes first on the same flow.
            if (packet.AsSpan().IndexOf("Data Transfer"u8) >= 0) continue;
            packets.Add((number, frame[11], packet));
        }
        return packets;
    }

    /// <summary>All messages of flow allocators.</summary>
    public static IEnumerable<(string File, int Frame, byte[] Message)> Messages(string name) =>
        from p in Read(name)
        where DataTransferHeader.TryRead(p.Packet, out var header) && header.Eid == 0
        select (name, p.Frame, p.Packet[DataTransferHeader.Length..]);

    public static string PathOf(string file) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "unicast", file);
}
