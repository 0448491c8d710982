using System.Buffers.Binary;

namespace Ouroboros.Tests.Samples;

/// <summary>Reads the flow packets out of a capture of the reference over Ethernet (Tests/Vectors/tools/README.md).</summary>
internal static class Pcap
{
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const int EndpointOffset = 14;
    private const int LengthOffset = 16;
    private const int PayloadOffset = 18;

    /// <summary>Payloads of all frames that are not management, in order.</summary>
    public static IReadOnlyList<byte[]> FlowPayloads(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "tools", name)).AsSpan();
        var payloads = new List<byte[]>();
        for (var offset = FileHeader; offset < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(offset + 8)..]);
            var frame = file.Slice(offset + RecordHeader, length);
            offset += RecordHeader + length;
            if (BinaryPrimitives.ReadUInt16BigEndian(frame[EndpointOffset..]) == 0) continue;
            payloads.Add(frame.Slice(PayloadOffset, BinaryPrimitives.ReadUInt16BigEndian(frame[LengthOffset..])).ToArray());
        }
        return payloads;
    }
}
