using System.Runtime.CompilerServices;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>What a node has done so far, for inspection.</summary>
public sealed class DhtCounters
{
    private static readonly int s_reasons = Enum.GetValues<DhtDrop>().Length;

    private ByCode _sent;
    private ByCode _received;
    private int[]? _dropped;

    /// <summary>Messages that no route was found for.</summary>
    public long Unsendable { get; internal set; }

    /// <summary>Requests that were not answered in time, each repetition counted.</summary>
    public long Timeouts { get; internal set; }

    /// <summary>Contacts dropped because they did not answer.</summary>
    public long Evictions { get; internal set; }

    /// <summary>Look-ups begun.</summary>
    public long Lookups { get; internal set; }

    /// <summary>Values that their owners confirmed.</summary>
    public long Confirmed { get; internal set; }

    /// <summary>Values removed because their owners took them back.</summary>
    public long Withdrawn { get; internal set; }

    /// <summary>Things dropped, for all reasons.</summary>
    public long DroppedInAll => _dropped?.Sum(n => (long)n) ?? 0;

    /// <summary>Messages sent.</summary>
    public long Sent(DhtCode code) => _sent[(int)code];

    /// <summary>Messages received and used.</summary>
    public long Received(DhtCode code) => _received[(int)code];

    /// <summary>Things dropped for a reason.</summary>
    public long Dropped(DhtDrop reason) => _dropped?[(int)reason] ?? 0;

    internal void CountSent(DhtCode code) => _sent[(int)code]++;

    internal void CountReceived(DhtCode code) => _received[(int)code]++;

    internal void CountDropped(DhtDrop reason, int times = 1) => (_dropped ??= new int[s_reasons])[(int)reason] += times;

    /// <summary>Begins to fetch what every message counts.</summary>
    internal void Fetch()
    {
        CacheLines.Fetch(ref _sent[0], (int)DhtCode.FindValueAnswer + 1);
        CacheLines.Fetch(ref _received[0], (int)DhtCode.FindValueAnswer + 1);
    }

    // Part of the object: two arrays fewer to fetch for each message.
    [InlineArray((int)DhtCode.FindValueAnswer + 1)]
    private struct ByCode
    {
        private int _first;
    }
}
