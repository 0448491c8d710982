using Ouroboros.Layers.Unicast.Routing.Graph;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing.Database;

/// <summary>
/// What the members of a layer have announced. Keeps the graph of the links that both ends announce, and a list by age, so that what has not
/// been heard of for too long is found without a search. Entries are numbered slots, good until they are removed.
/// </summary>
internal sealed class LinkStateDatabase
{
    private const int None = -1;

    private readonly Dictionary<LinkKey, int> _byLink = [];
    private readonly Stack<int> _free = [];
    private LinkEntry[] _entries = [];
    // Entries that each member has as a source, by its number in the graph.
    private int[] _perMember = [];
    private int _used;
    private int _oldest = None;
    private int _newest = None;

    /// <summary>Links that both ends announce.</summary>
    public LinkGraph Graph { get; } = new();

    /// <summary>Entries.</summary>
    public int Count => _byLink.Count;

    /// <summary>Slots are below this.</summary>
    public int Capacity => _used;

    /// <summary>The entry that has not been heard of for longest; -1 when none ages.</summary>
    public int Oldest => _oldest;

    /// <summary>An entry.</summary>
    public ref readonly LinkEntry this[int slot] => ref _entries[slot];

    /// <summary>Finds the entry of a link.</summary>
    public bool TryFind(LinkKey link, out int slot) => _byLink.TryGetValue(link, out slot);

    /// <summary>Entries of which a member is the source.</summary>
    public int CountOf(ulong source) =>
        Graph.TryFind(source, out var vertex) && vertex < _perMember.Length ? _perMember[vertex] : 0;

    /// <summary>Adds an entry for a link that has none.</summary>
    public int Add(in Lsa lsa, bool own, long now)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _used++;
            if (slot == _entries.Length) Array.Resize(ref _entries, Math.Max(16, slot * 2));
        }
        _byLink.Add(lsa.Link, slot);
        ref var entry = ref _entries[slot];
        entry = new LinkEntry
        {
            Link = lsa.Link,
            Sequence = lsa.Sequence,
            Stamp = now,
            Source = Graph.Acquire(lsa.Link.Source),
            Destination = Graph.Acquire(lsa.Link.Destination),
            Older = None,
            Newer = None,
            Withdrawn = true,
            Own = own,
            Used = true,
        };
        if (_perMember.Length < Graph.Capacity) Array.Resize(ref _perMember, Math.Max(Graph.Capacity, _perMember.Length * 2));
        _perMember[entry.Source]++;
        if (!own) Append(slot);
        SetWithdrawn(ref entry, lsa.Withdrawn);
        return slot;
    }

    /// <summary>The source has spoken again.</summary>
    public void Refresh(int slot, ulong sequence, bool withdrawn, long now)
    {
        ref var entry = ref _entries[slot];
        entry.Sequence = sequence;
        entry.Stamp = now;
        SetWithdrawn(ref entry, withdrawn);
        if (entry.Own) return;
        Unlink(slot);
        Append(slot);
    }

    /// <summary>Removes an entry.</summary>
    public void Remove(int slot)
    {
        ref var entry = ref _entries[slot];
        SetWithdrawn(ref entry, withdrawn: true);
        if (!entry.Own) Unlink(slot);
        _byLink.Remove(entry.Link);
        _perMember[entry.Source]--;
        Graph.Release(entry.Source);
        Graph.Release(entry.Destination);
        entry = default;
        _free.Push(slot);
    }

    /// <summary>The next entry in the list by age; -1 behind the last.</summary>
    public int NewerThan(int slot) => _entries[slot].Newer;

    /// <summary>Slots of all entries that were heard of at <paramref name="since"/> or later, in the order in which a neighbour is given them.</summary>
    public int[] InOrder(long since = long.MinValue)
    {
        var slots = new List<int>(Count);
        for (var slot = 0; slot < _used; slot++)
        {
            if (_entries[slot].Used && _entries[slot].Stamp >= since) slots.Add(slot);
        }
        slots.Sort((a, b) => _entries[a].Link.CompareTo(_entries[b].Link));
        return [.. slots];
    }

    private void SetWithdrawn(ref LinkEntry entry, bool withdrawn)
    {
        if (entry.Withdrawn == withdrawn) return;
        entry.Withdrawn = withdrawn;
        if (!_byLink.TryGetValue(entry.Link.Reverse, out var reverse) || _entries[reverse].Withdrawn) return;
        if (withdrawn) Graph.Disconnect(entry.Source, entry.Destination);
        else Graph.Connect(entry.Source, entry.Destination);
    }

    private void Append(int slot)
    {
        ref var entry = ref _entries[slot];
        (entry.Older, entry.Newer) = (_newest, None);
        if (_newest == None) _oldest = slot;
        else _entries[_newest].Newer = slot;
        _newest = slot;
    }

    private void Unlink(int slot)
    {
        ref var entry = ref _entries[slot];
        if (entry.Older == None) _oldest = entry.Newer;
        else _entries[entry.Older].Newer = entry.Newer;
        if (entry.Newer == None) _newest = entry.Older;
        else _entries[entry.Newer].Older = entry.Older;
    }
}
