namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>Those who are to replace the contacts of one part of the table, oldest first; at most as many as the part has contacts.</summary>
internal sealed class ReplacementList(int capacity)
{
    private readonly Replacement[] _entries = new Replacement[capacity];

    public int Count { get; private set; }

    public ref readonly Replacement this[int index] => ref _entries[index];

    public int IndexOf(ulong address)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_entries[i].Contact.Address == address) return i;
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
        var known = IndexOf(entry.Contact.Address);
        if (known >= 0)
        {
            // Somebody who only says that he is this contact must not undo what the contact has shown.
            if (_entries[known].Verified && !entry.Verified) return;
            RemoveAt(known);
        }
        if (Count == _entries.Length)
        {
            var oldest = IndexOfUnverified();
            if (oldest < 0 && !entry.Verified) return;
            RemoveAt(Math.Max(oldest, 0));
        }
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
