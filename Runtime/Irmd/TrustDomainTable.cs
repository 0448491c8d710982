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
            entry.Users++;
            return entry.Pool;
        }
    }

    /// <summary>Something else that lives in the pool, a flow: to be given back with <see cref="Leave"/>.</summary>
    public void Retain(uint domain)
    {
        if (domain == 0) return;
        lock (_lock) _users[domain].Users++;
    }

    /// <summary>A process of this domain has left, or a flow is gone.</summary>
    public void Leave(uint domain)
    {
        if (domain == 0) return;
        lock (_lock)
        {
            if (_users.TryGetValue(domain, out var entry)) entry.Users--;
            Collect();
        }
    }

    /// <summary>Gives back pools that nobody uses any more; called as well when flows have gone.</summary>
    public void Collect()
    {
        lock (_lock)
        {
            foreach (var (domain, entry) in _users.Where(u => u.Value is { Users: 0, Pool.Outstanding: 0 }).ToList())
            {
                _users.Remove(domain);
                entry.Pool.Dispose();
            }
        }
    }

    public void Dispose()
    {
        List<PacketPool> pools;
        lock (_lock)
        {
            pools = [.. _users.Values.Select(e => e.Pool), Global];
            _users.Clear();
        }
        var leaks = new List<string>();
        foreach (var pool in pools)
        {
            try
            {
                pool.Dispose();
            }
            catch (InvalidOperationException e)
            {
                // The others have to go all the same.
                leaks.Add(e.Message);
            }
        }
        if (leaks.Count != 0) throw new InvalidOperationException(string.Join('\n', leaks));
    }

    private sealed class Entry(PacketPool pool)
    {
        public PacketPool Pool { get; } = pool;

        public int Users { get; set; }
    }
}
