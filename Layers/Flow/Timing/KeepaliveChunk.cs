using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Timing;

/// <summary>A piece of the <see cref="KeepaliveTable"/>, which does not move: records of flows that were allocated one after the other.</summary>
internal sealed class KeepaliveChunk : TimerGroup
{
    public readonly Keepalive[] Records;

    // Apart, since it is only looked at when something moved.
    public readonly IKeepaliveOwner?[] Owners;

    private readonly KeepaliveTable _table;

    public KeepaliveChunk(KeepaliveTable table, int records)
    {
        _table = table;
        Records = new Keepalive[records];
        Owners = new IKeepaliveOwner?[records];
        Array.Fill(Records, new Keepalive());
    }

    internal override ref TimerTicks TicksOf(int index) => ref Records[index].Ticks;

    internal override void Fetch(int index) => CacheLines.Fetch(ref Records[index], 1);

    /// <summary>Sends a keepalive or finds the peer dead, if it is time.</summary>
    internal override long OnTimer(int index, long now)
    {
        ref var record = ref Records[index];
        // The record may become another flow's at any moment: then one that has just been sent to is sent to too early, or called too early.
        if (Volatile.Read(ref record.Below) is not { } below || record.Pool is not { } pool) return None;
        if (record.TakeLook()) Owners[index]?.Note(ref record, now);
        if (now - record.LastReceived >= record.Timeout)
        {
            _table.Bury(new KeepaliveSlot(this, index), now);
        }
        else if (now - record.LastSent >= record.SendEvery)
        {
            // One that found no room is sent a little later, not a whole period: else those that are last in a burst would never be heard.
            record.LastSent = SendEmpty(below, pool) ? now : now - record.SendEvery + record.Rounding;
        }
        return record.Below is null ? None : record.NextTime;
    }

    /// <summary>Sends an empty packet: no stage touches it, no user ever sees it.</summary>
    /// <returns>false when the layer below, or the pool, has no room for it.</returns>
    private static bool SendEmpty(IPacketSink below, PacketPool pool)
    {
        if (!pool.TryRent(0, out var packet)) return false;
        var error = below.Send(packet);
        if (error != FlowError.None) packet.Dispose();
        return error != FlowError.TryAgain;
    }
}
