using System.Buffers.Binary;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>A packet of a flow in a capture of the reference (Tests/Vectors/frcp/README.md).</summary>
/// <param name="Time">Nanoseconds.</param>
/// <param name="FromClient">Sent by host e1.</param>
/// <param name="Bytes">What FRCP makes and takes.</param>
internal sealed record FlowCapture(long Time, bool FromClient, byte[] Bytes)
{
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const int LastOfSource = 11;
    private const int Endpoint = 14;
    private const int Length = 16;
    private const int Packet = 18;

    /// <summary>The flow's packets in order; flow allocation is left out.</summary>
    public static IReadOnlyList<FlowCapture> Read(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "frcp", name)).AsSpan();
        var packets = new List<FlowCapture>();
        for (var at = FileHeader; at < file.Length;)
        {
            var seconds = BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);
            var micros = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 8)..]);
            var frame = file.Slice(at + RecordHeader, length);
            at += RecordHeader + length;
            if (BinaryPrimitives.ReadUInt16BigEndian(frame[Endpoint..]) == 0) continue;
            var packet = frame.Slice(Packet, BinaryPrimitives.ReadUInt16BigEndian(frame[Length..]));
            packets.Add(new FlowCapture((seconds * 1_000_000_000L) + (micros * 1000L), frame[LastOfSource] == 1, packet.ToArray()));
        }
        return packets;
    }

    public static IEnumerable<string> Names => Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "frcp"), "*.pcap").Select(f => Path.GetFileName(f)!).Order();
}
