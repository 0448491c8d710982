using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// Who has which name, as far as this host has heard: several addresses a name, the newest is used. Addresses expire, and are dropped when
/// they do not answer. Bounded in names and in addresses a name.
/// </summary>
internal sealed class NameDirectory(int maxNames)
{
    private const int MaxAddresses = 8;

    private readonly Dictionary<NameHash, List<Entry>> _names = [];

    /// <summary>Names in the directory, expired ones included until they are looked at.</summary>
    public int Count => _names.Count;

    /// <summary>Adds an address; one that is there already keeps its place and lives longer.</summary>
    public void Add(NameHash hash, LinkAddress address, bool isOurs, TimeSpan now, TimeSpan expiry)
    {
        if (!_names.TryGetValue(hash, out var entries))
        {
            if (_names.Count >= maxNames) MakeRoom(now);
            _names[hash] = entries = new List<Entry>(1);
        }
        var until = now > TimeSpan.MaxValue - expiry ? TimeSpan.MaxValue : now + expiry;
        var known = entries.FindIndex(e => e.Address == address);
        if (known >= 0 && entries[known].Until > now)
        {
            entries[known] = new Entry(address, isOurs, until, entries[known].AnsweredAt);
            return;
        }
        if (known >= 0) entries.RemoveAt(known);
        entries.Insert(0, new Entry(address, isOurs, until, TimeSpan.MinValue));
        if (entries.Count > MaxAddresses) entries.RemoveAt(entries.Count - 1);
    }

    /// <summary>The newest address of a name that has not expired.</summary>
    public bool TryGet(NameHash hash, TimeSpan now, out LinkAddress address, out bool isOurs)
    {
        address = default;
        isOurs = false;
        if (!_names.TryGetValue(hash, out var entries)) return false;
        entries.RemoveAll(e => e.Until <= now);
        if (entries.Count == 0)
        {
            _names.Remove(hash);
            return false;
        }
        address = entries[0].Address;
        isOurs = entries[0].IsOurs;
        return true;
    }

    /// <summary>Notes that an address has answered a request for the name, if it is known for it.</summary>
    public void NoteAnswer(NameHash hash, LinkAddress address, bool isOurs, TimeSpan now)
    {
        if (!_names.TryGetValue(hash, out var entries)) return;
        var known = entries.FindIndex(e => e.Address == address);
        if (known >= 0) entries[known] = entries[known] with { IsOurs = entries[known].IsOurs || isOurs, AnsweredAt = now };
    }

    /// <summary>Forgets an address of a name.</summary>
    public void Remove(NameHash hash, LinkAddress address) => RemoveSilent(hash, address, TimeSpan.MaxValue);

    /// <summary>Forgets an address of a name that has answered nothing since a request that it did not answer.</summary>
    public void RemoveSilent(NameHash hash, LinkAddress address, TimeSpan since)
    {
        if (!_names.TryGetValue(hash, out var entries)) return;
        entries.RemoveAll(e => e.Address == address && e.AnsweredAt < since);
        if (entries.Count == 0) _names.Remove(hash);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _names.Clear();

    private void MakeRoom(TimeSpan now)
    {
        NameHash? first = null;
        foreach (var (hash, entries) in _names)
        {
            first ??= hash;
            if (entries.TrueForAll(e => e.Until <= now)) _names.Remove(hash);
        }
        if (_names.Count >= maxNames && first is { } any) _names.Remove(any);
    }

    private readonly record struct Entry(LinkAddress Address, bool IsOurs, TimeSpan Until, TimeSpan AnsweredAt);
}
