using System.Buffers.Binary;
using System.Net;

namespace Ouroboros.Tests.Layers.Udp;

/// <summary>The UDP datagrams of a capture of the reference (Tests/Vectors/udp4, udp6), in order.</summary>
internal sealed record UdpCapture(IPEndPoint Source, IPEndPoint Destination, byte[] Payload)
{
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const int LinkCooked2 = 276;
    private const int Udp = 17;

    /// <summary>Captures that have flow messages.</summary>
    public static readonly string[] Flows =
    [
        "udp4/alloc-ping-dealloc", "udp4/dns-query", "udp4/qos-distinct-keepalive", "udp4/qos-voice", "udp4/rejected", "udp4/unknown-name-at-peer",
        "udp6/alloc-ping-dealloc", "udp6/dns-query", "udp6/qos-distinct-keepalive", "udp6/qos-voice", "udp6/rejected", "udp6/unknown-name-at-peer",
    ];

    /// <summary>The datagrams between two Ouroboros ports.</summary>
    public static IReadOnlyList<UdpCapture> ReadFlow(string name) => [.. Read(name).Where(d => d.Source.Port == 3435 && d.Destination.Port == 3435)];

    /// <summary>All datagrams.</summary>
    public static IReadOnlyList<UdpCapture> Read(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", name + ".pcap")).AsSpan();
        var (typeAt, packetAt) = BinaryPrimitives.ReadUInt32LittleEndian(file[20..]) == LinkCooked2 ? (0, 20) : (12, 14);
        var datagrams = new List<UdpCapture>();
        for (var offset = FileHeader; offset < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(offset + 8)..]);
            var frame = file.Slice(offset + RecordHeader, length);
            offset += RecordHeader + length;
            var ip = frame[packetAt..];
            switch (BinaryPrimitives.ReadUInt16BigEndian(frame[typeAt..]))
            {
                case 0x0800 when ip[9] == Udp:
                    datagrams.Add(Parse(ip[((ip[0] & 15) * 4)..], ip.Slice(12, 4), ip.Slice(16, 4)));
                    break;
                case 0x86DD when ip[6] == Udp:
                    datagrams.Add(Parse(ip[40..], ip.Slice(8, 16), ip.Slice(24, 16)));
                    break;
            }
        }
        return datagrams;
    }

    private static UdpCapture Parse(ReadOnlySpan<byte> udp, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination) => new(
        new IPEndPoint(new IPAddress(source), BinaryPrimitives.ReadUInt16BigEndian(udp)),
        new IPEndPoint(new IPAddress(destination), BinaryPrimitives.ReadUInt16BigEndian(udp[2..])),
        udp[8..BinaryPrimitives.ReadUInt16BigEndian(udp[4..])].ToArray());
}
