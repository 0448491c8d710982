using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Ouroboros.Pool;

/// <summary>
/// One packet: an 8-byte handle to a block of a <see cref="PacketPool"/>, laid out as [head room | payload | tail room]. Whoever holds it
/// owns it, passing it on passes the ownership, and the owner passes it on or disposes it, once. The default value is no packet.
/// </summary>
/// <remarks>
/// Each access checks that pool, block and generation of the handle exist and throws <see cref="InvalidOperationException"/> when the
/// packet was disposed or the handle was made up; see <see cref="PacketPool.Checked"/> for what else can be had. One thread at a time
/// may use a packet.
/// </remarks>
public readonly unsafe struct Packet : IEquatable<Packet>, IDisposable
{
    private readonly ulong _handle;

    internal Packet(ulong handle) => _handle = handle;

    /// <summary>Is no packet.</summary>
    public bool IsNull => _handle == 0;

    /// <summary>The handle as a number, e.g. to keep it in memory that is no managed object; 0 for no packet.</summary>
    public ulong Handle => _handle;

    /// <summary>Payload bytes.</summary>
    public int Length
    {
        get
        {
            _ = Locate(out _, out uint head, out uint tail, out _);
            return (int)(tail - head);
        }
    }

    /// <summary>The payload. Valid until the packet is passed on or disposed.</summary>
    public Span<byte> Span
    {
        get
        {
            byte* data = Locate(out _, out uint head, out uint tail, out _);
            return new Span<byte>(data + head, (int)(tail - head));
        }
    }

    /// <summary>The payload for calls that take no span, e.g. sockets. Not checked again when it is used.</summary>
    public Memory<byte> Memory
    {
        get
        {
            byte* data = Locate(out _, out uint head, out uint tail, out _);
            return PoolTable.Find(_handle).Class.MemoryAt(data + head, (int)(tail - head));
        }
    }

    /// <summary>Bytes that <see cref="PushHeader"/> can still give.</summary>
    public int HeadRoom
    {
        get
        {
            _ = Locate(out _, out uint head, out _, out _);
            return (int)head;
        }
    }

    /// <summary>Bytes that <see cref="PushTrailer"/> can still give.</summary>
    public int TailRoom
    {
        get
        {
            _ = Locate(out _, out _, out uint tail, out uint capacity);
            return (int)(capacity - tail);
        }
    }

    /// <summary>References to the block; more than one after <see cref="Retain"/>.</summary>
    public int References
    {
        get
        {
            _ = Locate(out BlockDescriptor* block, out _, out _, out _);
            return (int)(block->State & ushort.MaxValue);
        }
    }

    /// <summary>The pool it came from.</summary>
    public PacketPool Pool
    {
        get
        {
            _ = Locate(out _, out _, out _, out _);
            return PoolTable.Find(_handle).Class.Pool;
        }
    }

    /// <summary>The packet of a <see cref="Handle"/>; checked when it is used, not here.</summary>
    public static Packet FromHandle(ulong handle) => new(handle);

    /// <summary>Same block, same generation.</summary>
    public static bool operator ==(Packet left, Packet right) => left._handle == right._handle;

    /// <summary>Not the same packet.</summary>
    public static bool operator !=(Packet left, Packet right) => left._handle != right._handle;

    /// <summary>Puts <paramref name="n"/> bytes in front of the payload; they hold whatever was there.</summary>
    /// <returns>The new bytes.</returns>
    /// <exception cref="FlowException"><see cref="FlowError.OutOfMemory"/>: too little <see cref="HeadRoom"/>.</exception>
    public Span<byte> PushHeader(int n) => TryPushHeader(n, out Span<byte> header) ? header : throw NoRoom("head", n, HeadRoom);

    /// <summary>As <see cref="PushHeader"/>.</summary>
    /// <returns>False, and nothing is changed, when there is too little <see cref="HeadRoom"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPushHeader(int n, out Span<byte> header)
    {
        byte* data = Locate(out BlockDescriptor* block, out uint head, out uint tail, out _);
        if ((uint)n > head)
        {
            header = default;
            return Refuse(n);
        }
        head -= (uint)n;
        block->Ends = BlockDescriptor.MakeEnds(head, tail);
        header = new Span<byte>(data + head, n);
        return true;
    }

    /// <summary>Takes <paramref name="n"/> bytes from the front of the payload.</summary>
    /// <returns>The bytes taken; valid until the next push.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The payload is shorter.</exception>
    public Span<byte> PopHeader(int n)
        => TryPopHeader(n, out Span<byte> header) ? header : throw TooShort(n, Length);

    /// <summary>As <see cref="PopHeader"/>.</summary>
    /// <returns>False, and nothing is changed, when the payload is shorter.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPopHeader(int n, out Span<byte> header)
    {
        byte* data = Locate(out BlockDescriptor* block, out uint head, out uint tail, out _);
        if ((uint)n > tail - head)
        {
            header = default;
            return Refuse(n);
        }
        block->Ends = BlockDescriptor.MakeEnds(head + (uint)n, tail);
        header = new Span<byte>(data + head, n);
        return true;
    }

    /// <summary>Puts <paramref name="n"/> bytes behind the payload; they hold whatever was there.</summary>
    /// <returns>The new bytes.</returns>
    /// <exception cref="FlowException"><see cref="FlowError.OutOfMemory"/>: too little <see cref="TailRoom"/>.</exception>
    public Span<byte> PushTrailer(int n) => TryPushTrailer(n, out Span<byte> trailer) ? trailer : throw NoRoom("tail", n, TailRoom);

    /// <summary>As <see cref="PushTrailer"/>.</summary>
    /// <returns>False, and nothing is changed, when there is too little <see cref="TailRoom"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPushTrailer(int n, out Span<byte> trailer)
    {
        byte* data = Locate(out BlockDescriptor* block, out uint head, out uint tail, out uint capacity);
        if ((uint)n > capacity - tail)
        {
            trailer = default;
            return Refuse(n);
        }
        block->Ends = BlockDescriptor.MakeEnds(head, tail + (uint)n);
        trailer = new Span<byte>(data + tail, n);
        return true;
    }

    /// <summary>Puts bytes in front of the payload and behind it at once, for envelopes; they hold whatever was there.</summary>
    /// <param name="header">Bytes in front.</param>
    /// <param name="trailer">Bytes behind.</param>
    /// <param name="payload">The payload with both.</param>
    /// <returns>False, and nothing is changed, when there is too little room at either end.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPushEnvelope(int header, int trailer, out Span<byte> payload)
    {
        byte* data = Locate(out BlockDescriptor* block, out uint head, out uint tail, out uint capacity);
        if ((uint)header > head || (uint)trailer > capacity - tail)
        {
            payload = default;
            return Refuse(Math.Min(header, trailer));
        }
        head -= (uint)header;
        tail += (uint)trailer;
        block->Ends = BlockDescriptor.MakeEnds(head, tail);
        payload = new Span<byte>(data + head, (int)(tail - head));
        return true;
    }

    /// <summary>Takes bytes from the front of the payload and from its end at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The payload is shorter.</exception>
    public void PopEnvelope(int header, int trailer)
    {
        _ = Locate(out BlockDescriptor* block, out uint head, out uint tail, out _);
        if (header < 0 || trailer < 0 || (uint)header + (uint)trailer > tail - head) throw TooShort(header + trailer, (int)(tail - head));
        block->Ends = BlockDescriptor.MakeEnds(head + (uint)header, tail - (uint)trailer);
    }

    /// <summary>Takes <paramref name="n"/> bytes from the end of the payload.</summary>
    /// <returns>The bytes taken; valid until the next push.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The payload is shorter.</exception>
    public Span<byte> PopTrailer(int n)
        => TryPopTrailer(n, out Span<byte> trailer) ? trailer : throw TooShort(n, Length);

    /// <summary>As <see cref="PopTrailer"/>.</summary>
    /// <returns>False, and nothing is changed, when the payload is shorter.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPopTrailer(int n, out Span<byte> trailer)
    {
        byte* data = Locate(out BlockDescriptor* block, out uint head, out uint tail, out _);
        if ((uint)n > tail - head)
        {
            trailer = default;
            return Refuse(n);
        }
        tail -= (uint)n;
        block->Ends = BlockDescriptor.MakeEnds(head, tail);
        trailer = new Span<byte>(data + tail, n);
        return true;
    }

    /// <summary>Shortens the payload to its first <paramref name="length"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The payload is shorter.</exception>
    public void Truncate(int length)
    {
        _ = Locate(out BlockDescriptor* block, out uint head, out uint tail, out _);
        if ((uint)length > tail - head) throw TooShort(length, (int)(tail - head));
        block->Ends = BlockDescriptor.MakeEnds(head, head + (uint)length);
    }

    /// <summary>
    /// Adds a reference: one more <see cref="Dispose"/> is needed. All holders see the same bytes and the same head and tail.
    /// </summary>
    public void Retain() => PacketPool.Retain(_handle);

    /// <summary>Gives up one reference; the last one returns the block to its pool. No packet: nothing happens.</summary>
    public void Dispose()
    {
        if (_handle != 0) PacketPool.Release(_handle);
    }

    /// <summary>Rents another packet of the same pool with the same payload and fresh head and tail room.</summary>
    /// <returns>False when no block is free.</returns>
    public bool TryCopy(out Packet copy)
    {
        Span<byte> payload = Span;
        if (!Pool.TryRent(payload.Length, out copy)) return false;
        payload.CopyTo(copy.Span);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Packet other) => _handle == other._handle;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Packet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _handle.GetHashCode();

    /// <summary>Pool, size class, index and generation; works for any handle.</summary>
    public override string ToString() => IsNull
        ? "no packet"
        : $"packet {_handle >> 48}:{(uint)_handle >> PoolTable.IndexBits}:{(uint)_handle & PoolTable.IndexMask}#{(ushort)(_handle >> 32)}";

    private static FlowException NoRoom(string where, int n, int room)
        => new(FlowError.OutOfMemory, $"{n} bytes of {where} room wanted, {room} left: too many layers are stacked on this packet");

    private static ArgumentOutOfRangeException TooShort(int n, int length)
        => new(nameof(n), n, $"the payload has {length} bytes");

    /// <summary>False for a length that is too large, but no answer to a negative one.</summary>
    private static bool Refuse(int n)
        => n >= 0 ? false : throw new ArgumentOutOfRangeException(nameof(n), n, "a length cannot be negative");

    /// <summary>
    /// The block's first byte, after all that another process could have damaged is checked: the descriptor is in shared memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Locate(out BlockDescriptor* block, out uint head, out uint tail, out uint capacity)
    {
        ref ClassEntry entry = ref PoolTable.Find(_handle);
        uint index = (uint)_handle & PoolTable.IndexMask;
        if (index >= entry.Count) PacketPool.ThrowForged(_handle);
        block = entry.Blocks + index;
        uint state = block->State;
        if ((uint)(_handle >> 32) << 16 != (state & 0xFFFF0000) || (ushort)state == 0) PacketPool.ThrowStale(_handle);
        ulong ends = block->Ends;
        head = (uint)ends;
        tail = (uint)(ends >> 32);
        capacity = entry.Capacity;
        if (head > tail || tail > capacity) PacketPool.ThrowDamaged(_handle);
        return entry.Data + ((nuint)index * entry.Stride);
    }
}
