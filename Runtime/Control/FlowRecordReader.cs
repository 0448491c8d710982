using System.Buffers;
using System.Net.Sockets;

namespace Ouroboros.Runtime.Control;

/// <summary>Receives the records of a flow's connection and puts the parts of large packets together. It owns the buffers.</summary>
internal sealed class FlowRecordReader(Socket socket, int maxPacket) : IDisposable
{
    private readonly byte[] _record = ArrayPool<byte>.Shared.Rent(FlowRecord.Header + FlowRecord.MaxPayload);
    private ArrayBufferWriter<byte>? _parts;

    /// <summary>What came last: its kind, and what belongs to it until the next call.</summary>
    public byte Kind { get; private set; }

    /// <summary>See <see cref="Kind"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>Waits for the next record or packet; false when the other side is gone, or sends what no flow carries.</summary>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = await socket.ReceiveAsync(_record.AsMemory(0, FlowRecord.Header + FlowRecord.MaxPayload), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (length == 0) return false;
            Kind = _record[0];
            Content = _record.AsMemory(FlowRecord.Header, length - FlowRecord.Header);
            if (Kind is not (FlowRecord.Part or FlowRecord.Packet) || (Kind == FlowRecord.Packet && _parts is null or { WrittenCount: 0 })) return true;
            _parts ??= new ArrayBufferWriter<byte>(2 * FlowRecord.MaxPayload);
            if (_parts.WrittenCount + Content.Length > maxPacket) return false;
            _parts.Write(Content.Span);
            if (Kind == FlowRecord.Part) continue;
            Content = _parts.WrittenMemory;
            // Written over by the next part only.
            _parts.ResetWrittenCount();
            return true;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_record);
}
