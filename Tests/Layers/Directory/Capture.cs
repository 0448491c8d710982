using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>A capture of the reference's directory with its expected decode (Tests/Vectors/dht/README.md).</summary>
internal static class Capture
{
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const int MessageOffset = 33;

    public static readonly string[] Names =
    [
        "dht-a-boot-store-find", "dht-b-refresh-replicate", "dht-c-chain6-one-hop-lookup", "dht-d-grow-to-9-nodes", "dht-e-crafted",
    ];

    /// <summary>All frames that hold a directory message.</summary>
    public static IReadOnlyList<CapturedMessage> Read(string name)
    {
        var folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "dht");
        var file = File.ReadAllBytes(Path.Combine(folder, name + ".pcap"));
        var decodes = File.ReadLines(Path.Combine(folder, name + ".jsonl")).Select(l => JsonNode.Parse(l)!).ToDictionary(n => (int)n["frame"]!);
        var messages = new List<CapturedMessage>();
        var number = 0;
        for (var offset = FileHeader; offset < file.Length;)
        {
            number++;
            var seconds = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset));
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset + 8));
            var frame = file.AsSpan(offset + RecordHeader, length);
            offset += RecordHeader + length;
            if (!decodes.TryGetValue(number, out var decode) || decode["dht_len"] is null) continue;
            var bytes = frame.Slice(MessageOffset, (int)decode["dht_len"]!).ToArray();
            messages.Add(new CapturedMessage(name, number, seconds, (ulong)decode["dst_addr"]!, bytes, decode));
        }
        return messages;
    }

    /// <summary>Every different message of all captures.</summary>
    public static IReadOnlyList<CapturedMessage> ReadAll() =>
        [.. Names.SelectMany(Read).DistinctBy(m => Convert.ToHexString(m.Bytes))];
}

/// <param name="File">Name of the capture.</param>
/// <param name="Frame">Number in it, from 1.</param>
/// <param name="UnixSeconds">When it was captured.</param>
/// <param name="To">Where it went.</param>
/// <param name="Bytes">The message.</param>
/// <param name="Decode">The line of the decode.</param>
internal sealed record CapturedMessage(string File, int Frame, long UnixSeconds, ulong To, byte[] Bytes, JsonNode Decode)
{
    public JsonNode? Message => Decode["msg"];

    public override string ToString() => $"{File} frame {Frame}";
}
