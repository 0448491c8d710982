using Ouroboros.Pool;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// The packet pools of a runtime: one for all privileged processes, one for each other user while processes of his are attached and until
/// their last packet has come back.
/// </summary>
internal sealed class TrustDomainTable : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PacketPoolOptions _userOptions;
    private readonly Dictionary<uint, Entry> _users = [];

    public TrustDomainTable(PacketPoolOptions global, PacketPoolOptions user)
    {
        _userOptions = user;
        Global = PacketPool.CreateGlobal(global);
    }

    /// <summary>The pool of the privileged.</summary>
    public PacketPool Global { get; }

    public IReadOnlyList<PoolStatistics> Statistics
    {
        get { lock (_lock) return [Global.GetStatistics(), .. _users.Values.Select(e => e.Pool.GetStatistics())]; }
    }

    /// <summary>A process of this domain is attached.</summary>
    public PacketPool Join(uint domain, uint gid)
    {
        if (domain == 0) return Global;
        lock (_lock)
        {
            Collect();
            if (!_users.TryGetValue(domain, out var entry)) _users[domain] = entry = new Entry(PacketPool.CreateForUser(domain, gid, _userOptions));
            entry.Processes++;
            return entry.Pool;
        }
    }

    /// <summary>A process of this domain has left.</summary>
    public void Leave(uint domain)
    {
        if (domain == 0) return;
        lock (_lock)
        {
            if (_users.TryGetValue(domain, out var entry)) entry.Processes--;
            Collect();
        }
    }

    /// <summary>Gives back pools that nobody uses any more; called as well when flows have gone.</summary>
    public void Collect()
    {
        lock (_lock)
        {
            foreach (var (domain, entry) in _users.Where(u => u.Value is { Processes: 0, Pool.Outstanding: 0 }).ToList())
            {
                _users.Remove(domain);
                entry.Pool.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var entry in _users.Values) entry.Pool.Dispose();
            _users.Clear();
        }
        Global.Dispose();
    }

    private sealed class Entry(PacketPool pool)
    {
        public PacketPool Pool { get; } = pool;

        public int Processes { get; set; }
    }
}
