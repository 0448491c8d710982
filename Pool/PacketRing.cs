using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Pool;

/// <summary>
/// Bounded queue of packets between any number of writers and readers; it owns what is queued. Writers share one gate and readers
/// another, so that one writer and one reader never meet; slots come with the first packet and double up to the capacity, so that an
/// idle ring costs 192 bytes. Every wait ends when the state changes.
/// </summary>
/// <remarks>
/// Rules of the two gates: the writers' gate guards <c>_head</c>, the waiting readers and everything else in the third block of fields;
/// the readers' gate guards <c>_tail</c>, the waiting writers and the second block. What both sides need (slots, state) is there twice and
/// changes under both gates, writers' first. Under the writers' gate "empty" is stable, under the readers' gate "full" is: so a sleeper
/// that checks and queues under that gate cannot miss the wake-up.
/// </remarks>
[StructLayout(LayoutKind.Explicit)]
public sealed partial class PacketRing
{
    /// <summary>Packets that a ring holds unless told otherwise (reference: SSM_RBUFF_SIZE 1024 slots, one always free).</summary>
    public const int DefaultCapacity = 1023;

    private const int FirstSlots = 16;
    private const int MaxCapacity = 1 << 20;

    // Bits of _attention of either side; zero means that nobody needs to be told.
    private const int Sleepers = 1;
    private const int Edge = 2;

    // What one side stores lies 64 bytes or more from what the other loads per packet, wherever the object begins, so that they never
    // share a cache line. That includes the first word of the object, before these fields: each call loads it to check for null. From
    // thread to thread this is the difference between 25 and more than 50 million packets a second.
    //
    // Rarely touched.
    [FieldOffset(0)] private WaiterQueue<FlowError> _readers;
    [FieldOffset(16)] private WaiterQueue<FlowError> _writers;
    [FieldOffset(32)] private RingWaiter? _spareReader;
    [FieldOffset(40)] private RingWaiter? _spareWriter;
    [FieldOffset(48)] private RingListeners? _listeners;
    [FieldOffset(56)] private readonly TimeProvider _time;

    // Readers' side.
    [FieldOffset(64)] private uint _tail;
    [FieldOffset(68)] private int _readGate;
    [FieldOffset(72)] private uint _headSeen;
    [FieldOffset(76)] private byte _readState;
    [FieldOffset(77)] private byte _readAttention;
    [FieldOffset(78)] private byte _tracksEdges;
    [FieldOffset(80)] private Packet[]? _readSlots;

    // Writers' side.
    [FieldOffset(144)] private Packet[]? _writeSlots;
    [FieldOffset(152)] private int _writeLimit;
    [FieldOffset(156)] private int _capacity;
    [FieldOffset(160)] private uint _tailSeen;
    [FieldOffset(164)] private byte _writeState;
    [FieldOffset(165)] private byte _writeAttention;
    [FieldOffset(168)] private int _writeGate;
    [FieldOffset(172)] private uint _head;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="capacity">Packets that it can hold, 1 to 1,048,576.</param>
    /// <param name="timeProvider">Clock of all time-outs; the system's when null.</param>
    public PacketRing(int capacity = DefaultCapacity, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        _capacity = capacity;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Packets that fit.</summary>
    public int Capacity => _capacity;

    /// <summary>Packets queued at some moment during the call.</summary>
    public int Count
    {
        get
        {
            // Tail first: the head only grows, so the difference is never negative.
            uint tail = Volatile.Read(ref _tail);
            return (int)Math.Min(Volatile.Read(ref _head) - tail, (uint)_capacity);
        }
    }

    /// <summary>What the ring allows now.</summary>
    public RingState State => (RingState)Volatile.Read(ref _writeState);

    /// <summary>Queues a packet; does not wait.</summary>
    /// <param name="packet">The packet; the ring owns it when the result is <see cref="FlowError.None"/>, else the caller still does.</param>
    /// <returns>
    /// <see cref="FlowError.None"/>; <see cref="FlowError.FlowDown"/>; <see cref="FlowError.NotAllocated"/> when read-only;
    /// <see cref="FlowError.TryAgain"/> when full; <see cref="FlowError.InvalidArgument"/> for a null packet.
    /// </returns>
    public FlowError TryWrite(Packet packet)
    {
        if (packet.IsNull) return FlowError.InvalidArgument;
        SpinGate.Enter(ref _writeGate);
        if ((_writeState & (byte)(RingState.FlowDown | RingState.ReadOnly)) != 0) return LeaveRefused();
        uint head = _head;
        if (head - _tailSeen >= (uint)_writeLimit && !MakeRoom()) return LeaveFull();
        Packet[] slots = _writeSlots!;
        SlotOf(slots, head) = packet;
        Volatile.Write(ref _head, head + 1);
        if (_writeAttention == 0) SpinGate.Exit(ref _writeGate);
        else LeaveAndTellReaders();
        return FlowError.None;
    }

    /// <summary>Queues as many packets as fit, in order; does not wait.</summary>
    /// <param name="packets">The packets; the ring owns the first n of them, the caller still the others. None may be null.</param>
    /// <returns>How many were queued: n. Zero when full or <see cref="State"/> does not allow to write.</returns>
    public int WriteBatch(ReadOnlySpan<Packet> packets)
    {
        foreach (Packet packet in packets)
        {
            if (packet.IsNull) throw new ArgumentException("a null packet cannot be queued", nameof(packets));
        }
        int written = 0;
        SpinGate.Enter(ref _writeGate);
        if ((_writeState & (byte)(RingState.FlowDown | RingState.ReadOnly)) == 0)
        {
            while (written < packets.Length)
            {
                int room = _writeLimit - (int)(_head - _tailSeen);
                if (room < packets.Length - written && MakeRoom(packets.Length - written)) room = _writeLimit - (int)(_head - _tailSeen);
                if (room <= 0) break;
                Packet[] slots = _writeSlots!;
                int at = (int)_head & (slots.Length - 1);
                int n = Math.Min(Math.Min(room, packets.Length - written), slots.Length - at);
                packets.Slice(written, n).CopyTo(slots.AsSpan(at, n));
                written += n;
                Volatile.Write(ref _head, _head + (uint)n);
            }
        }
        bool full = written < packets.Length && WhenWriting((RingState)_writeState) == FlowError.None;
        if (written == 0 || _writeAttention == 0) SpinGate.Exit(ref _writeGate);
        else LeaveAndTellReaders();
        if (full && _listeners?.Writer is not null)
        {
            SpinGate.Enter(ref _writeGate);
            LeaveFull();
        }
        return written;
    }

    /// <summary>Takes the oldest packet; does not wait.</summary>
    /// <param name="packet">The packet, owned by the caller, or null.</param>
    /// <returns>
    /// <see cref="FlowError.None"/>, whatever the state, as long as packets are queued; then <see cref="FlowError.FlowDown"/>,
    /// <see cref="FlowError.PeerDead"/> or <see cref="FlowError.TryAgain"/>.
    /// </returns>
    public FlowError TryRead(out Packet packet)
    {
        SpinGate.Enter(ref _readGate);
        uint tail = _tail;
        if (_headSeen - tail <= _tracksEdges)
        {
            _headSeen = Volatile.Read(ref _head);
            if (_headSeen == tail)
            {
                FlowError error = WhenEmpty((RingState)_readState);
                SpinGate.Exit(ref _readGate);
                packet = default;
                return error;
            }
            if (_headSeen - tail <= _tracksEdges)
            {
                Unsafe.SkipInit(out packet);
                return LeaveAndReadLast(MemoryMarshal.CreateSpan(ref packet, 1)) == 1 ? FlowError.None : FailedRead(out packet);
            }
        }
        packet = SlotOf(_readSlots!, tail);
        Volatile.Write(ref _tail, tail + 1);
        if (_readAttention == 0) SpinGate.Exit(ref _readGate);
        else LeaveAndTellWriters();
        return FlowError.None;
    }

    /// <summary>Takes as many packets as are queued and fit, oldest first; does not wait.</summary>
    /// <param name="packets">Receives the packets, owned by the caller.</param>
    /// <returns>How many; zero when empty.</returns>
    public int ReadBatch(Span<Packet> packets)
    {
        if (packets.IsEmpty) return 0;
        SpinGate.Enter(ref _readGate);
        if (_headSeen - _tail <= (uint)packets.Length) _headSeen = Volatile.Read(ref _head);
        int available = (int)(_headSeen - _tail);
        if (available == 0)
        {
            SpinGate.Exit(ref _readGate);
            return 0;
        }
        if (_tracksEdges != 0 && available <= packets.Length) return LeaveAndReadLast(packets);
        int n = Math.Min(available, packets.Length);
        CopyOut(packets[..n]);
        if (_readAttention == 0) SpinGate.Exit(ref _readGate);
        else LeaveAndTellWriters();
        return n;
    }

    /// <summary>Disposes everything that is queued.</summary>
    public void Drain()
    {
        while (TryRead(out Packet packet) == FlowError.None) packet.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Packet SlotOf(Packet[] slots, uint position)
        => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), (nint)(position & (uint)(slots.Length - 1)));

    private static FlowError WhenEmpty(RingState state)
    {
        if ((state & RingState.FlowDown) != 0) return FlowError.FlowDown;
        return (state & RingState.PeerDead) != 0 ? FlowError.PeerDead : FlowError.TryAgain;
    }

    private static FlowError WhenWriting(RingState state)
    {
        if ((state & RingState.FlowDown) != 0) return FlowError.FlowDown;
        return (state & RingState.ReadOnly) != 0 ? FlowError.NotAllocated : FlowError.None;
    }

    /// <summary>Under the readers' gate: takes <c>packets.Length</c> packets that are known to be there.</summary>
    private void CopyOut(Span<Packet> packets)
    {
        Packet[] slots = _readSlots!;
        int at = (int)_tail & (slots.Length - 1);
        int first = Math.Min(packets.Length, slots.Length - at);
        slots.AsSpan(at, first).CopyTo(packets);
        slots.AsSpan(0, packets.Length - first).CopyTo(packets[first..]);
        Volatile.Write(ref _tail, _tail + (uint)packets.Length);
    }

    /// <summary>Under the writers' gate: finds out what has been read, and grows the slots where that is not enough.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MakeRoom(int wanted = 1)
    {
        _tailSeen = Volatile.Read(ref _tail);
        int queued = (int)(_head - _tailSeen);
        if (queued + wanted > _writeLimit && _writeLimit < _capacity) Grow(Math.Min(queued + wanted, _capacity));
        return queued < _writeLimit;
    }

    private void Grow(int needed)
    {
        int slots = _writeSlots is null ? FirstSlots : _writeSlots.Length * 2;
        while (slots < needed) slots *= 2;
        var bigger = new Packet[slots];
        SpinGate.Enter(ref _readGate);
        for (uint i = _tail; i != _head; i++) SlotOf(bigger, i) = SlotOf(_writeSlots!, i);
        _readSlots = _writeSlots = bigger;
        _writeLimit = Math.Min(slots, _capacity);
        SpinGate.Exit(ref _readGate);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FlowError LeaveRefused()
    {
        FlowError error = WhenWriting((RingState)_writeState);
        SpinGate.Exit(ref _writeGate);
        return error;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FlowError LeaveFull()
    {
        if (_listeners?.Writer is null)
        {
            SpinGate.Exit(ref _writeGate);
            return FlowError.TryAgain;
        }

        // Somebody wants to know when there is room: leave a note where the next reader looks.
        SpinGate.Enter(ref _readGate);
        bool full = _head - _tail >= (uint)_capacity;
        if (full) _readAttention |= Edge;
        SpinGate.Exit(ref _readGate);
        IRingListener? listener = full ? null : _listeners.Writer;
        SpinGate.Exit(ref _writeGate);
        listener?.OnWritable();
        return FlowError.TryAgain;
    }

    /// <summary>Under the writers' gate, after packets were queued and somebody is to be told.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LeaveAndTellReaders()
    {
        bool edge = (_writeAttention & Edge) != 0;
        _writeAttention = 0;
        Waiter<FlowError>? woken = _readers.TakeAll(FlowError.None);
        SpinGate.Exit(ref _writeGate);
        Waiter<FlowError>.WakeAll(woken);
        if (edge) _listeners?.TellReadable();
    }

    /// <summary>Under the readers' gate, after packets were taken and somebody is to be told.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LeaveAndTellWriters()
    {
        bool edge = (_readAttention & Edge) != 0;
        _readAttention = 0;
        Waiter<FlowError>? woken = _writers.TakeAll(FlowError.None);
        SpinGate.Exit(ref _readGate);
        Waiter<FlowError>.WakeAll(woken);
        if (edge) _listeners?.Writer?.OnWritable();
    }

    /// <summary>
    /// Under the readers' gate: a read that will probably empty the ring while somebody wants to know when it fills again. It needs
    /// both gates, so that the next writer either comes before it or finds the note.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int LeaveAndReadLast(Span<Packet> packets)
    {
        if (!SpinGate.TryEnter(ref _writeGate))
        {
            SpinGate.Exit(ref _readGate);
            SpinGate.Enter(ref _writeGate);
            SpinGate.Enter(ref _readGate);
        }
        _headSeen = _head;
        int n = (int)Math.Min(_headSeen - _tail, (uint)packets.Length);
        if (n > 0)
        {
            CopyOut(packets[..n]);
            if (_tail == _head && _tracksEdges != 0) _writeAttention |= Edge;
        }
        SpinGate.Exit(ref _writeGate);
        if (n == 0 || _readAttention == 0) SpinGate.Exit(ref _readGate);
        else LeaveAndTellWriters();
        return n;
    }

    /// <summary>Another reader was faster.</summary>
    private FlowError FailedRead(out Packet packet)
    {
        packet = default;
        SpinGate.Enter(ref _readGate);
        FlowError error = _tail == Volatile.Read(ref _head) ? WhenEmpty((RingState)_readState) : FlowError.TryAgain;
        SpinGate.Exit(ref _readGate);
        return error;
    }
}
