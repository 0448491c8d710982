using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>Finds values by their keys: chains through the values themselves (<see cref="StoredValue.Next"/>), on average no longer than <see cref="Load"/>.</summary>
internal sealed class ValueTable
{
    private const int Load = 2;
    private const int LeastChains = 8;

    private StoredValue?[] _chains = [];

    /// <summary>Values in it.</summary>
    public int Count { get; private set; }

    /// <summary>The newest value of a key; the others follow with <see cref="NextOf"/>.</summary>
    public StoredValue? Find(in DhtKey key)
    {
        if (Count == 0) return null;
        var hash = key.GetHashCode();
        return Next(_chains[hash & (_chains.Length - 1)], key, hash);
    }

    /// <summary>The next value of the key of this one.</summary>
    public static StoredValue? NextOf(StoredValue value, in DhtKey key) => Next(value.Next, key, value.Hash);

    public void Add(StoredValue value)
    {
        if (Count >= Load * _chains.Length) Grow();
        Count++;
        ref var first = ref _chains[value.Hash & (_chains.Length - 1)];
        value.Next = first;
        first = value;
    }

    public void Remove(StoredValue value)
    {
        Count--;
        ref var first = ref _chains[value.Hash & (_chains.Length - 1)];
        if (ReferenceEquals(first, value))
        {
            first = value.Next;
            return;
        }
        var before = first!;
        while (!ReferenceEquals(before.Next, value)) before = before.Next!;
        before.Next = value.Next;
    }

    private static StoredValue? Next(StoredValue? value, in DhtKey key, int hash)
    {
        while (value is not null && !value.IsOf(key, hash)) value = value.Next;
        return value;
    }

    // Each chain is put in again from its end, so that those of one key stay in their order.
    private void Grow()
    {
        var chains = _chains;
        _chains = new StoredValue?[Math.Max(LeastChains, 2 * chains.Length)];
        foreach (var chain in chains)
        {
            StoredValue? reversed = null;
            StoredValue? next;
            for (var value = chain; value is not null; value = next)
            {
                next = value.Next;
                value.Next = reversed;
                reversed = value;
            }
            for (var value = reversed; value is not null; value = next)
            {
                next = value.Next;
                ref var first = ref _chains[value.Hash & (_chains.Length - 1)];
                value.Next = first;
                first = value;
            }
        }
    }
}
