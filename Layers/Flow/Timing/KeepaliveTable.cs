using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Timing;

/// <summary>
/// The keepalives of all flows of a runtime (frcp.md section 14): an empty packet after some time without sending, and the peer is dead when nothing came for
/// longer. They lie one behind the other, apart from the flows, so that a million idle ones are gone through in memory that the processor fetches ahead: at each
/// wake-up some hundred pages, where the flows themselves would be thousands. Records are used again, the last first, and never given up: there are as many as there were flows at a time.
/// </summary>
internal sealed class KeepaliveTable
{
    private const int FirstChunk = 64;
    private const int LargestChunk = 4096;

    private readonly TimerWheel _wheel;
    private readonly Stack<KeepaliveSlot> _free = new();
    private int _records;

    public KeepaliveTable(TimerWheel wheel) => _wheel = wheel;

    /// <summary>Guards who has which record, and what only its owner changes. May be held when the wheel's is taken, not the other way round.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Records that there are, used or not.</summary>
    public int Records => Volatile.Read(ref _records);

    /// <summary>Begins to watch a peer, or watches it by other times, as if something had just come.</summary>
    /// <param name="slot">Its record; null: it gets one.</param>
    /// <param name="owner">Who is told.</param>
    /// <param name="below">The way down.</param>
    /// <param name="pool">Where empty packets come from.</param>
    /// <param name="timeout">How long the peer may be silent, nanoseconds, more than 0.</param>
    /// <param name="sendEvery">How long this end may be, nanoseconds.</param>
    public KeepaliveSlot Watch(KeepaliveSlot? slot, IKeepaliveOwner owner, IPacketSink below, PacketPool pool, long timeout, long sendEvery)
    {
        lock (Gate)
        {
            var used = slot ?? Take();
            ref var record = ref used.Record;
            used.Chunk.Owners[used.Index] = owner;
            record.LastReceived = _wheel.Now;
            // Else whoever changes the times all the time would never send.
            if (slot is null) record.LastSent = record.LastReceived;
            record.Timeout = timeout;
            record.SendEvery = sendEvery;
            record.Rest();
            record.Pool = pool;
            Volatile.Write(ref record.Below, below);
            _wheel.Schedule(used.Chunk, used.Index, record.NextTime);
            return used;
        }
    }

    /// <summary>Watches it no more. An entry that is still in the wheel serves whoever gets the record next.</summary>
    public void Give(KeepaliveSlot slot)
    {
        lock (Gate)
        {
            Quiet(slot);
            slot.Record.Pool = null;
            _free.Push(slot);
        }
    }

    /// <summary>Sends nothing any more and expects nothing; the record stays taken.</summary>
    public void Quiet(KeepaliveSlot slot)
    {
        lock (Gate)
        {
            slot.Record.Below = null;
            slot.Chunk.Owners[slot.Index] = null;
        }
    }

    /// <summary>Takes it for dead, unless the record is another flow's by now, or somebody has been heard after all.</summary>
    public void Bury(KeepaliveSlot slot, long now)
    {
        IKeepaliveOwner? owner;
        lock (Gate)
        {
            ref var record = ref slot.Record;
            owner = slot.Chunk.Owners[slot.Index];
            if (record.Below is null || now - record.LastReceived < record.Timeout) return;
            Quiet(slot);
        }
        owner?.OnPeerDead();
    }

    private KeepaliveSlot Take()
    {
        if (_free.Count == 0)
        {
            var chunk = new KeepaliveChunk(this, Math.Clamp(_records, FirstChunk, LargestChunk));
            // The first on top.
            for (var i = chunk.Records.Length - 1; i >= 0; i--) _free.Push(new KeepaliveSlot(chunk, i));
            _records += chunk.Records.Length;
        }
        return _free.Pop();
    }
}
