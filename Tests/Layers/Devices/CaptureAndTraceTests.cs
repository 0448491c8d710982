using System.Buffers.Binary;
using System.Net;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Devices;

/// <summary>The file that a capture writes, byte for byte, and the lines of a trace.</summary>
public class CaptureAndTraceTests : WireTest
{
    private readonly ManualTimeProvider _time = new();
    private string _path = null!;

    [SetUp]
    public void SetUp() => _path = Path.GetTempFileName();

    [TearDown]
    public void TearDown() => File.Delete(_path);

    [Test]
    public void A_capture_holds_every_frame_of_both_directions_with_its_time()
    {
        _time.Advance(TimeSpan.FromMicroseconds(1_234_567));
        var expected = _time.GetUtcNow();
        using (var device = new PcapWriter(Inner, _path, _time))
        {
            device.Start(Here);
            SendNumbers(device, 2);
            Other.Send([Frame(Left, Right, 9, length: 200)]);
            Link.Run();
        }
        var (linkType, records) = Read(_path);
        Assert.That(linkType, Is.EqualTo(1), "Ethernet");
        Assert.That(records.Select(r => r.Data), Is.EqualTo(There.Frames.Concat(Here.Frames)));
        Assert.That(records[0].Time, Is.EqualTo(expected).Within(TimeSpan.FromMicroseconds(1)));
    }

    [TestCase("10.1.2.3", "10.9.8.7", 0x45, 28)]
    [TestCase("2001:db8::1", "2001:db8::2", 0x60, 48)]
    public void Datagrams_get_the_headers_that_they_have_on_the_wire(string own, string peer, int version, int headers)
    {
        var kind = version == 0x45 ? LinkKind.Udp4 : LinkKind.Udp6;
        using var link = new VirtualLink(kind);
        var from = LinkAddress.FromIp(IPAddress.Parse(own), 3435);
        var to = LinkAddress.FromIp(IPAddress.Parse(peer), 4000);
        using (var device = new PcapWriter(link.Add("a", from, Pool), _path, _time))
        {
            device.Start(Here);
            var packet = Pool.Rent(5);
            "hello"u8.CopyTo(packet.Span);
            SocketAddresses.Write(packet.PushHeader(SocketAddresses.LengthOf(kind)), to);
            device.Send([packet]);
            link.Run();
        }
        var (linkType, records) = Read(_path);
        Assert.That(linkType, Is.EqualTo(101), "raw IP");
        var data = records.Single().Data;
        var addresses = IPAddress.Parse(own).GetAddressBytes().Concat(IPAddress.Parse(peer).GetAddressBytes());
        var udp = data.AsSpan(headers - 8);
        Assert.That((data[0], data.Length), Is.EqualTo(((byte)version, headers + 5)));
        Assert.That(data.AsSpan(version == 0x45 ? 12 : 8, version == 0x45 ? 8 : 32).ToArray(), Is.EqualTo(addresses));
        Assert.That((BinaryPrimitives.ReadUInt16BigEndian(udp), BinaryPrimitives.ReadUInt16BigEndian(udp[2..]), BinaryPrimitives.ReadUInt16BigEndian(udp[4..])), Is.EqualTo(((ushort)3435, (ushort)4000, (ushort)13)));
        Assert.That(udp[8..].ToArray(), Is.EqualTo("hello"u8.ToArray()));
        if (version == 0x45) Assert.That(Checksum(data.AsSpan(0, 20)), Is.EqualTo(0xFFFF), "of the IPv4 header");
    }

    [Test]
    public void A_file_that_cannot_be_made_is_an_error_that_names_it()
    {
        var e = Assert.Throws<FlowException>(() => _ = new PcapWriter(Inner, "/nowhere/x.pcap", _time))!;
        Assert.That((e.Error, e.Message.Contains("/nowhere/x.pcap")), Is.EqualTo((FlowError.InvalidArgument, true)));
    }

    [Test]
    public void A_trace_has_a_line_for_each_frame_and_each_event()
    {
        var lines = new List<string>();
        using var device = new Tracer(Inner, null, lines.Add);
        device.Start(Here);
        SendNumbers(device, 1);
        Other.Send([Frame(Left, Right, 1, length: 100)]);
        Link.Run();
        Inner.Change(LinkState.Down, "is down");
        Assert.That(lines, Has.Count.EqualTo(3));
        Assert.That(lines[0], Does.StartWith("left > 64 B 020000000002020000000001a000"));
        Assert.That(lines[1], Does.StartWith("left < 100 B 0200000000010200").And.EndWith(".."));
        Assert.That(lines[2], Is.EqualTo("left is down"));
        Assert.That(Here.Events, Has.Count.EqualTo(1), "and everything is handed on");
        Assert.That(Here.Frames, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_trace_says_in_words_what_the_layer_can_describe()
    {
        var lines = new List<string>();
        using var device = new Tracer(Inner, bytes => $"of {bytes.Length}", lines.Add);
        device.Start(Here);
        SendNumbers(device, 1);
        Assert.That(lines.Single(), Is.EqualTo("left > 64 B of 64"));
    }

    private static int Checksum(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < header.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        return (sum & 0xFFFF) + (sum >> 16);
    }

    private static (uint LinkType, List<(DateTimeOffset Time, byte[] Data)> Records) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        uint At(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
        Assert.That(At(0), Is.EqualTo(0xA1B2C3D4));
        var records = new List<(DateTimeOffset, byte[])>();
        for (var i = 24; i < bytes.Length;)
        {
            var length = (int)At(i + 8);
            Assert.That(At(i + 12), Is.EqualTo(length));
            records.Add((DateTimeOffset.FromUnixTimeSeconds(At(i)).AddMicroseconds(At(i + 4)), bytes.AsSpan(i + 16, length).ToArray()));
            i += 16 + length;
        }
        return (At(20), records);
    }
}
