using System.Numerics;

namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>Flow numbers: 1 to the limit minus 1, the lowest free one first.</summary>
internal sealed class FlowIds
{
    private readonly ulong[] _used;
    private readonly int _end;
    private int _firstWord;

    public FlowIds(int end)
    {
        _end = end;
        _used = new ulong[(end + 63) / 64];
        _used[0] = 1; // 0 is no flow
    }

    /// <summary>Takes a number; false when none is free.</summary>
    public bool TryTake(out int id)
    {
        for (var word = _firstWord; word < _used.Length; word++)
        {
            if (_used[word] == ulong.MaxValue) continue;
            _firstWord = word;
            id = (word << 6) + BitOperations.TrailingZeroCount(~_used[word]);
            if (id >= _end) break;
            _used[word] |= 1UL << id;
            return true;
        }
        id = 0;
        return false;
    }

    /// <summary>Gives a number back.</summary>
    public void Free(int id)
    {
        _used[id >> 6] &= ~(1UL << id);
        _firstWord = Math.Min(_firstWord, id >> 6);
    }
}
