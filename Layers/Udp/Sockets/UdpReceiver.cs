using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>
/// The receiving direction of a <see cref="UdpSocket"/>: up to 32 datagrams a call, each straight into a block of the pool; only what is larger
/// than such a block, or what the kernel has joined, is copied once. A packet is [sockaddr of the sender | datagram]. One thread uses it.
/// </summary>
public sealed unsafe class UdpReceiver : IDisposable
{
    /// <summary>Messages that one call takes.</summary>
    public const int BatchSize = 32;

    /// <summary>Datagrams that one message can hold when the kernel has joined them (UDP_MAX_SEGMENTS).</summary>
    private const int MaxJoined = 128;

    /// <summary>Payload of a block of 2 KiB: a datagram of an Ethernet frame fits.</summary>
    private const int BlockPayload = 2048 - 316;

    private const int StagingSize = 65536;

    private readonly UdpSocket _socket;
    private readonly PacketPool _pool;
    private readonly int _addressLength;
    private readonly int _blockPayload;
    private readonly Packet[] _blocks = new Packet[BatchSize];
    private readonly Packet[] _datagrams = new Packet[BatchSize * MaxJoined];
    private readonly byte* _memory;
    private readonly Libc.MessageHeader* _messages;
    private readonly Libc.Vector* _vectors;
    private readonly Libc.ControlNumber* _controls;
    private readonly byte* _staging;
    private int _used = BatchSize;
    private int _count;
    private int _joined;

    /// <summary>Makes the buffers.</summary>
    public UdpReceiver(UdpSocket socket, PacketPool pool)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(pool);
        (_socket, _pool) = (socket, pool);
        _addressLength = socket.AddressLength;
        _blockPayload = Math.Min(BlockPayload, pool.MaxLength) - _addressLength;
        var slot = sizeof(Libc.MessageHeader) + (2 * sizeof(Libc.Vector)) + sizeof(Libc.ControlNumber) + StagingSize + BlockPayload;
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(slot * BatchSize));
        _messages = (Libc.MessageHeader*)_memory;
        _vectors = (Libc.Vector*)(_messages + BatchSize);
        _controls = (Libc.ControlNumber*)(_vectors + (2 * BatchSize));
        _staging = (byte*)(_controls + BatchSize);
    }

    /// <summary>Receives what is there.</summary>
    /// <param name="wait">Whether to wait for the first datagram.</param>
    /// <returns>Datagrams in order of arrival; the caller owns their packets. Empty when nothing came or the socket stops. Valid until the next call.</returns>
    public ReadOnlySpan<Packet> Receive(bool wait)
    {
        // Those that the last call did not use are as they were.
        for (var i = 0; i < BatchSize; i++)
        {
            if (i < _used || _blocks[i].IsNull) Prepare(i);
        }
        var n = _used = _socket.Receive(_messages, BatchSize, wait);
        if (n == 0) return default;
        (_count, _joined) = (0, 0);
        var bytes = 0L;
        for (var i = 0; i < n; i++)
        {
            bytes += _messages[i].Length;
            Take(i);
        }
        _socket.Counters.NoteReceived(_count, bytes);
        _socket.Offload.NoteReceive(_joined);
        return _datagrams.AsSpan(0, _count);
    }

    /// <summary>Gives the blocks back.</summary>
    public void Dispose()
    {
        foreach (ref var block in _blocks.AsSpan())
        {
            block.Dispose();
            block = default;
        }
        NativeMemory.Free(_memory);
    }

    private byte* Staging(int slot) => _staging + ((nint)slot * (StagingSize + BlockPayload));

    private void Prepare(int i)
    {
        ref var block = ref _blocks[i];
        // Without memory the datagram is received all the same, into the staging area, so that it is gone and counted.
        byte* data;
        if (!block.IsNull || _pool.TryRent(_addressLength + _blockPayload, out block)) data = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(block.Span));
        else data = Staging(i) + StagingSize;
        _vectors[2 * i] = new Libc.Vector { Base = data + _addressLength, Length = (nuint)_blockPayload };
        _vectors[(2 * i) + 1] = new Libc.Vector { Base = Staging(i), Length = StagingSize };
        ref var message = ref _messages[i];
        message.Name = data;
        message.NameLength = (uint)_addressLength;
        message.Vectors = _vectors + (2 * i);
        message.VectorCount = 2;
        message.Control = _controls + i;
        message.ControlLength = (nuint)sizeof(Libc.ControlNumber);
        _controls[i].Length = 0;
    }

    private void Take(int i)
    {
        ref var message = ref _messages[i];
        var length = (int)message.Length;
        var peer = new ReadOnlySpan<byte>(message.Name, _addressLength);
        var first = new ReadOnlySpan<byte>(_vectors[2 * i].Base, _blockPayload);
        var rest = new ReadOnlySpan<byte>(Staging(i), StagingSize);
        var size = SegmentSize(i, message.ControlLength);
        if (size == 0 || size >= length)
        {
            if (length <= _blockPayload && !_blocks[i].IsNull) TakeBlock(i, length);
            else Copy(first, rest, 0, length, peer);
            return;
        }
        _joined += (length + size - 1) / size;
        var at = 0;
        if (size <= _blockPayload && !_blocks[i].IsNull)
        {
            // The first stays where it is, the others are copied away from behind it before the block is cut to its length.
            var mark = _count++;
            for (at = size; at < length; at += size) Copy(first, rest, at, Math.Min(size, length - at), peer);
            var end = _count;
            _count = mark;
            TakeBlock(i, size);
            _count = end;
            return;
        }
        for (; at < length; at += size) Copy(first, rest, at, Math.Min(size, length - at), peer);
    }

    /// <summary>The size of the datagrams in a message that the kernel has joined; 0 when it is one datagram.</summary>
    private int SegmentSize(int i, nuint controlLength)
    {
        ref var control = ref _controls[i];
        return controlLength >= 20 && control.Length >= 20 && control.Level == Libc.LevelUdp && control.Type == Libc.UdpGro ? control.Value : 0;
    }

    private void TakeBlock(int i, int length)
    {
        _blocks[i].Truncate(_addressLength + length);
        _datagrams[_count++] = _blocks[i];
        _blocks[i] = default;
    }

    private void Copy(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest, int at, int length, ReadOnlySpan<byte> peer)
    {
        if (peer.Length + length > _pool.MaxLength || _count == _datagrams.Length || !_pool.TryRent(peer.Length + length, out var packet))
        {
            _socket.Counters.NoteDrop(LinkDrop.NoMemory);
            return;
        }
        var span = packet.Span;
        peer.CopyTo(span);
        span = span[peer.Length..];
        if (at < first.Length)
        {
            var n = Math.Min(length, first.Length - at);
            first.Slice(at, n).CopyTo(span);
            span = span[n..];
            at += n;
        }
        if (!span.IsEmpty) rest.Slice(at - first.Length, span.Length).CopyTo(span);
        _datagrams[_count++] = packet;
    }
}
