using System.Buffers.Binary;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>
/// A device that writes every frame, sent and received, to a file that tcpdump and Wireshark read (pcap 2.4, microseconds). Datagrams get the
/// IP and UDP headers that they have on the wire. A file that cannot be written ends the capture, not the layer.
/// </summary>
public sealed class PcapWriter : DeviceDecorator
{
    private const uint Magic = 0xA1B2C3D4;
    private const int FileHeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const uint LinkTypeEthernet = 1;
    private const uint LinkTypeRawIp = 101;
    private const int MaxHeaders = RecordHeaderLength + 40 + 8;

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private FileStream? _file;

    /// <summary>Wraps a device.</summary>
    /// <param name="inner">The device; owned.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="time">Where time stamps come from.</param>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: the file cannot be made.</exception>
    public PcapWriter(ILinkDevice inner, string path, TimeProvider time)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FlowException(FlowError.InvalidArgument, $"cannot write the capture file '{path}': {e.Message}");
        }
        Span<byte> header = stackalloc byte[FileHeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        header[8..16].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 1 << 18);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], inner.Kind == LinkKind.Ethernet ? LinkTypeEthernet : LinkTypeRawIp);
        _file.Write(header);
    }

    /// <inheritdoc/>
    public override int Send(ReadOnlySpan<Packet> frames)
    {
        // Before they are sent: then they are somebody else's.
        Write(frames, sent: true);
        var taken = base.Send(frames);
        // Those that had no room are sent, and written, again; a capture may show a frame twice, never one less.
        return taken;
    }

    /// <inheritdoc/>
    public override void OnReceive(ReadOnlySpan<Packet> frames)
    {
        Write(frames, sent: false);
        base.OnReceive(frames);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        lock (_lock) Close();
    }

    private void Write(ReadOnlySpan<Packet> frames, bool sent)
    {
        lock (_lock)
        {
            if (_file is null) return;
            try
            {
                foreach (var frame in frames) Write(frame.Span, sent);
                _file.Flush();
            }
            catch (IOException)
            {
                Close();
            }
        }
    }

    private void Write(ReadOnlySpan<byte> frame, bool sent)
    {
        Span<byte> header = stackalloc byte[MaxHeaders];
        header.Clear();
        var ip = header[RecordHeaderLength..];
        var (pseudo, headers) = Kind switch
        {
            LinkKind.Udp4 => (16, WriteIpv4(ip, frame, sent)),
            LinkKind.Udp6 => (28, WriteIpv6(ip, frame, sent)),
            _ => (0, 0),
        };
        if (frame.Length < pseudo) return;
        var payload = frame[pseudo..];
        var ticks = _time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks;
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(ticks / TimeSpan.TicksPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], headers + payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], headers + payload.Length);
        _file!.Write(header[..(RecordHeaderLength + headers)]);
        _file.Write(payload);
    }

    private int WriteIpv4(Span<byte> into, ReadOnlySpan<byte> frame, bool sent)
    {
        if (frame.Length < 16) return 0;
        var length = 20 + 8 + frame.Length - 16;
        into[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)length);
        into[8] = 64;
        into[9] = 17;
        Address.WriteTo(into[(sent ? 12 : 16)..]);
        frame.Slice(4, 4).CopyTo(into[(sent ? 16 : 12)..]);
        uint sum = 0;
        for (var i = 0; i < 20; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(into[i..]);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(into[10..], (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        WriteUdp(into[20..], BinaryPrimitives.ReadUInt16BigEndian(frame[2..]), frame.Length - 16, sent);
        return 28;
    }

    private int WriteIpv6(Span<byte> into, ReadOnlySpan<byte> frame, bool sent)
    {
        if (frame.Length < 28) return 0;
        into[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(into[4..], (ushort)(8 + frame.Length - 28));
        into[6] = 17;
        into[7] = 64;
        Address.WriteTo(into[(sent ? 8 : 24)..]);
        frame.Slice(8, 16).CopyTo(into[(sent ? 24 : 8)..]);
        WriteUdp(into[40..], BinaryPrimitives.ReadUInt16BigEndian(frame[2..]), frame.Length - 28, sent);
        return 48;
    }

    // Checksum 0: not computed.
    private void WriteUdp(Span<byte> into, ushort other, int payload, bool sent)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, sent ? Address.Port : other);
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], sent ? other : Address.Port);
        BinaryPrimitives.WriteUInt16BigEndian(into[4..], (ushort)(8 + payload));
    }

    private void Close()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // The rest of the capture is lost; the layer is not to suffer for it.
        }
        _file = null;
    }
}
