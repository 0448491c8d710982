using System.Collections;

namespace Ouroboros.Hocon;

/// <summary>An array of values.</summary>
public sealed class HoconArray : HoconValue, IReadOnlyList<HoconValue>
{
    private readonly List<HoconValue> _items;
    private int _height;

    /// <summary>An array over the first <paramref name="count"/> items of a list that others may go on appending to.</summary>
    internal HoconArray(HoconOrigin origin, List<HoconValue> items, int count, int height)
        : base(origin, null, null, 0)
    {
        _items = items;
        Count = count;
        _height = height;
    }

    /// <summary>An empty array at its place in a finished tree; <see cref="Add"/> fills it.</summary>
    internal HoconArray(HoconOrigin origin, HoconValue? parent, string? key, int index)
        : base(origin, parent, key, index)
    {
        _items = [];
        _height = 1;
    }

    /// <inheritdoc/>
    public override HoconValueKind Kind => HoconValueKind.Array;

    /// <summary>Number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>An element.</summary>
    /// <param name="index">From 0.</param>
    public HoconValue this[int index] =>
        (uint)index < (uint)Count ? _items[index] : throw new ArgumentOutOfRangeException(nameof(index), index, $"The array has {Count} elements.");

    internal override int Height => _height;

    /// <inheritdoc/>
    public IEnumerator<HoconValue> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return _items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(HoconValue item)
    {
        _items.Add(item);
        Count++;
        _height = Math.Max(_height, item.Height + 1);
    }

    /// <summary>
    /// This array followed by another. Shares the list when nothing was appended to it yet, so that a chain of <c>+=</c> costs as much as its elements.
    /// </summary>
    internal HoconArray Append(HoconArray other)
    {
        var list = _items.Count == Count ? _items : _items.GetRange(0, Count);
        var count = other.Count;
        for (var i = 0; i < count; i++) list.Add(other._items[i]);
        return new HoconArray(Origin, list, list.Count, Math.Max(_height, other._height));
    }
}
