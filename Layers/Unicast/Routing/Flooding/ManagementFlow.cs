namespace Ouroboros.Layers.Unicast.Routing.Flooding;

/// <summary>
/// What a neighbour is to be told on one management flow. News wait as numbers of entries, each at most once, so that a newer announcement takes
/// the place of an older one and the queue is never longer than the database; behind them comes the database itself when the flow is new.
/// </summary>
internal sealed class ManagementFlow(int id, ulong peer)
{
    private readonly Queue<int> _news = [];
    private ulong[] _waiting = [];
    private int[] _replica = [];
    private int _replicated;

    /// <summary>Number of the flow.</summary>
    public int Id => id;

    /// <summary>Address of the neighbour.</summary>
    public ulong Peer => peer;

    /// <summary>Whether anything is sent on it.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>When something was last sent.</summary>
    public long LastSent { get; set; }

    /// <summary>When all is told once more.</summary>
    public long AgainAt { get; set; } = LinkStateNode.Never;

    /// <summary>Messages that may be sent before the next pause.</summary>
    public int Budget { get; set; }

    /// <summary>When the pause is over.</summary>
    public long ResumeAt { get; set; }

    /// <summary>Whether something waits.</summary>
    public bool HasWork => _news.Count > 0 || _replicated < _replica.Length;

    /// <summary>Messages that wait.</summary>
    public int Length => _news.Count + _replica.Length - _replicated;

    /// <summary>The entry is to be sent.</summary>
    public void Enqueue(int slot)
    {
        var word = slot / 64;
        if (word >= _waiting.Length) Array.Resize(ref _waiting, Math.Max(word + 1, _waiting.Length * 2));
        var bit = 1UL << (slot % 64);
        if ((_waiting[word] & bit) != 0) return;
        _waiting[word] |= bit;
        _news.Enqueue(slot);
    }

    /// <summary>All of these are to be sent, after the news.</summary>
    public void Replicate(int[] slots)
    {
        _replica = slots;
        _replicated = 0;
    }

    /// <summary>What is to be sent next; it stays the next until <see cref="Advance"/>.</summary>
    public int Peek() => _news.Count > 0 ? _news.Peek() : _replica[_replicated];

    /// <summary>It was sent, or is not to be.</summary>
    public void Advance()
    {
        if (_news.TryDequeue(out var slot))
        {
            _waiting[slot / 64] &= ~(1UL << (slot % 64));
            return;
        }
        if (++_replicated == _replica.Length) Replicate([]);
    }

    /// <summary>Nothing is to be sent any more.</summary>
    public void Clear()
    {
        _news.Clear();
        Array.Clear(_waiting);
        Replicate([]);
    }
}
