namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>Up to k contacts of one part of the key space, and as many replacements, oldest first. Arrays are made when there is something in them.</summary>
internal sealed class Bucket
{
    private TableEntry[] _entries = [];
    private TableEntry[] _replacements = [];

    /// <summary>When a look-up last went through this part, seconds on the monotonic clock.</summary>
    public int LastLookup { get; set; }

    public int Count { get; private set; }

    public int ReplacementCount { get; private set; }

    public Span<TableEntry> Entries => _entries.AsSpan(0, Count);

    public Span<TableEntry> Replacements => _replacements.AsSpan(0, ReplacementCount);

    public int IndexOf(ulong address)
    {
        var entries = _entries;
        for (var i = 0; i < Count; i++)
        {
            if (entries[i].Address == address) return i;
        }
        return -1;
    }

    public void Add(in TableEntry entry, int capacity)
    {
        if (_entries.Length == 0) _entries = new TableEntry[capacity];
        _entries[Count++] = entry;
    }

    public void RemoveAt(int index)
    {
        Count--;
        _entries.AsSpan(index + 1, Count - index).CopyTo(_entries.AsSpan(index));
        _entries[Count] = default;
    }

    public int ReplacementIndexOf(ulong address)
    {
        for (var i = 0; i < ReplacementCount; i++)
        {
            if (_replacements[i].Address == address) return i;
        }
        return -1;
    }

    public void RemoveReplacementAt(int index)
    {
        ReplacementCount--;
        _replacements.AsSpan(index + 1, ReplacementCount - index).CopyTo(_replacements.AsSpan(index));
        _replacements[ReplacementCount] = default;
    }

    /// <summary>Adds as the newest. One that never answered pushes out only its like, one that did the oldest of those first.</summary>
    public bool AddReplacement(in TableEntry entry, int capacity)
    {
        var known = ReplacementIndexOf(entry.Address);
        var verified = entry.Verified;
        if (known >= 0)
        {
            // Somebody who only says that he is this contact must not undo what the contact has shown.
            if (_replacements[known].Verified && !verified) return false;
            RemoveReplacementAt(known);
        }
        if (_replacements.Length == 0) _replacements = new TableEntry[capacity];
        if (ReplacementCount == capacity)
        {
            var oldest = Replacements.IndexOfUnverified();
            if (oldest < 0 && !verified) return false;
            RemoveReplacementAt(Math.Max(oldest, 0));
        }
        _replacements[ReplacementCount++] = entry;
        return true;
    }
}
