namespace Ouroboros;

/// <summary>A flow as a stream of bytes. Packet boundaries are not kept: a write is cut into as many packets as it needs, a read returns what is there.</summary>
internal sealed class FlowStream(Flow flow, bool leaveOpen) : Stream
{
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _ended) return 0;
        try
        {
            while (true)
            {
                // 0 is the end of a packet here, not of the stream.
                var read = await flow.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read != 0) return read;
            }
        }
        catch (FlowException e) when (e.Error == FlowError.FlowDown && flow.Endpoint.PeerHasReleased)
        {
            // The peer has released the flow and everything it sent has been read: that is the end of a stream.
            _ended = true;
            return 0;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // One 2 KiB block each: two full rings of these leave packet memory over, so an echo never waits for memory that its own unread
        // input holds.
        const int Chunk = 1732;
        while (!buffer.IsEmpty)
        {
            var length = Math.Min(buffer.Length, Math.Min(Chunk, flow.Endpoint.SegmentSize));
            await flow.WriteAsync(buffer[..length], cancellationToken).ConfigureAwait(false);
            buffer = buffer[length..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen) flow.Dispose();
        base.Dispose(disposing);
    }
}
