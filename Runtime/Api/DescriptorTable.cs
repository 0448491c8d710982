using System.Numerics;

namespace Ouroboros;

/// <summary>Numbers of an application's flows: the lowest free one first, freed numbers are used again.</summary>
internal sealed class DescriptorTable<T>(int first, int end)
    where T : class
{
    private readonly Lock _lock = new();
    private T?[] _items = new T?[16];
    private ulong[] _used = new ulong[1];

    /// <summary>How many there can be.</summary>
    public int Capacity => end - first;

    /// <summary>Adds what <paramref name="create"/> makes for the number; false when none is free.</summary>
    public bool TryAdd(Func<int, T> create)
    {
        lock (_lock)
        {
            var index = LowestFree();
            if (index >= Capacity) return false;
            Grow(index);
            _items[index] = create(first + index);
            _used[index >> 6] |= 1UL << index;
            return true;
        }
    }

    /// <summary>Frees a number.</summary>
    public void Remove(int number)
    {
        lock (_lock)
        {
            var index = number - first;
            _items[index] = null;
            _used[index >> 6] &= ~(1UL << index);
        }
    }

    /// <summary>What has this number; null when it is free.</summary>
    public T? Find(int number)
    {
        lock (_lock) return number >= first && number - first < _items.Length ? _items[number - first] : null;
    }

    /// <summary>What is in it now, by number.</summary>
    public T[] Snapshot()
    {
        lock (_lock) return [.. _items.OfType<T>()];
    }

    private int LowestFree()
    {
        for (var word = 0; word < _used.Length; word++)
        {
            if (_used[word] != ulong.MaxValue) return (word << 6) + BitOperations.TrailingZeroCount(~_used[word]);
        }
        return _used.Length << 6;
    }

    private void Grow(int index)
    {
        if (index >= _items.Length) Array.Resize(ref _items, _items.Length * 2);
        if (index >> 6 >= _used.Length) Array.Resize(ref _used, _used.Length * 2);
    }
}
