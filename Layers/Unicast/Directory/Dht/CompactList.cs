using System.Runtime.CompilerServices;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>
/// A list in whoever has it: that there is nothing in it, as there is most of the time, costs nothing to fetch, and no memory either unless some is asked for at once: what is allocated with
/// its owner is in the same page, and with many owners each page more that a message touches costs as much as several lines of the cache. Not to be copied.
/// </summary>
/// <typeparam name="T">What is in it.</typeparam>
internal struct CompactList<T>
{
    private const int LeastCapacity = 4;

    private T[]? _items;

    /// <param name="capacity">For how many there is room at once.</param>
    public CompactList(int capacity) => _items = new T[capacity];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All, in the order in which they were added; good until one more is.</summary>
    public readonly Span<T> Span => Count == 0 ? default : _items.AsSpan(0, Count);

    public readonly ref T this[int index] => ref Span[index];

    public void Add(in T item)
    {
        if (_items is null) _items = new T[LeastCapacity];
        else if (Count == _items.Length) Array.Resize(ref _items, 2 * Count);
        _items[Count++] = item;
    }

    public void RemoveAt(int index)
    {
        Span[(index + 1)..].CopyTo(Span[index..]);
        Count--;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) _items![Count] = default!;
    }

    /// <summary>Begins to fetch the first of them.</summary>
    public readonly void Fetch(int most)
    {
        if (Count > 0) CacheLines.FetchHead(_items!, Math.Min(Count, most));
    }
}
