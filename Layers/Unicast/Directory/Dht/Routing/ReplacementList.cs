namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>Those who are to replace the contacts of one part of the table, oldest first; at most as many as the part has contacts.</summary>
internal sealed class ReplacementList(int capacity)
{
    private const int FirstCapacity = 2;

    private Replacement[] _entries = new Replacement[Math.Min(FirstCapacity, capacity)];

    public int Count { get; private set; }

    public ref readonly Replacement this[int index] => ref _entries[index];

    public int IndexOf(ulong address)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_entries[i].Entry.Address == address) return i;
        }
        return -1;
    }

    /// <summary>The last that answered; -1 when none did.</summary>
    public int LastIndexOfVerified()
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (_entries[i].Verified) return i;
        }
        return -1;
    }

    public void RemoveAt(int index)
    {
        Count--;
        _entries.AsSpan(index + 1, Count - index).CopyTo(_entries.AsSpan(index));
        _entries[Count] = default;
    }

    /// <summary>Adds as the newest. One that never answered pushes out only its like, one that did the oldest of those first.</summary>
    public void Add(in Replacement entry)
    {
        var known = IndexOf(entry.Entry.Address);
        if (known >= 0)
        {
            // Somebody who only says that he is this contact must not undo what the contact has shown.
            if (_entries[known].Verified && !entry.Verified) return;
            RemoveAt(known);
        }
        if (Count == capacity)
        {
            var oldest = IndexOfUnverified();
            if (oldest < 0 && !entry.Verified) return;
            RemoveAt(Math.Max(oldest, 0));
        }
        if (Count == _entries.Length) Array.Resize(ref _entries, Math.Min(2 * Count, capacity));
        _entries[Count++] = entry;
    }

    private int IndexOfUnverified()
    {
        for (var i = 0; i < Count; i++)
        {
            if (!_entries[i].Verified) return i;
        }
        return -1;
    }
}
