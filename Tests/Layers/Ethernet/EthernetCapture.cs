using System.Buffers.Binary;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Tests.Layers.Ethernet;

/// <summary>The frames of a capture of the reference (Tests/Vectors/eth-dix and eth-llc, README.md in each).</summary>
internal static class EthernetCapture
{
    public static readonly LinkAddress ClientMac = LinkAddress.FromMac(0x02000000A101);
    public static readonly LinkAddress ServerMac = LinkAddress.FromMac(0x02000000A201);

    private const int FileHeader = 24;
    private const int RecordHeader = 16;

    /// <summary>All frames, in order.</summary>
    public static IReadOnlyList<byte[]> Read(string folder, string name)
    {
        var file = File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", folder, name)).AsSpan();
        var frames = new List<byte[]>();
        for (var offset = FileHeader; offset < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(offset + 8)..]);
            frames.Add(file.Slice(offset + RecordHeader, length).ToArray());
            offset += RecordHeader + length;
        }
        return frames;
    }

    /// <summary>
    /// Every frame of a folder's captures that a core can tell from the others: management messages and foreign frames by their bytes, data by their
    /// length alone.
    /// </summary>
    public static IReadOnlyList<byte[]> Distinct(string folder) =>
    [
        .. Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", folder), "*.pcap").Order(StringComparer.Ordinal)
            .SelectMany(file => Read(folder, Path.GetFileName(file)))
            .DistinctBy(frame => IsData(folder, frame) ? $"data {frame.Length}" : Convert.ToHexString(frame)),
    ];

    /// <summary>Every capture of both kinds, as folder and file name; tools only where they are Ethernet.</summary>
    public static IEnumerable<TestCaseData> All()
    {
        foreach (var folder in new[] { "eth-dix", "eth-llc", "tools" })
        {
            foreach (var file in Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", folder), "*.pcap").Order(StringComparer.Ordinal))
            {
                yield return new TestCaseData(folder, Path.GetFileName(file)).SetArgDisplayNames($"{folder}/{Path.GetFileName(file)}");
            }
        }
    }

    private static bool IsData(string folder, byte[] frame) => folder == "eth-llc"
        ? frame.Length > 16 && frame[12] < 6 && frame[15] != 0x80
        : frame.Length > 16 && frame[12] == 0xA0 && (frame[14] | frame[15]) != 0;
}
