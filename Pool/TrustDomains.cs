namespace Ouroboros.Pool;

/// <summary>
/// The pools of one runtime: the global one, and one per unprivileged user from the user's first process to the last. Owns them, and
/// moves packets between them.
/// </summary>
public sealed class TrustDomains : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, UserPool> _users = [];
    private readonly List<PacketPool> _retired = [];
    private readonly PacketPoolOptions? _userOptions;
    private readonly Func<uint, bool> _isPrivileged;
    private bool _disposed;

    /// <summary>Makes the global pool.</summary>
    /// <param name="global">Options of the global pool.</param>
    /// <param name="user">Options of each user's pool; null: as the global pool's, with the default counts.</param>
    /// <param name="isPrivileged">
    /// Whether a user may use the global pool; user 0 always may. Null: members of <see cref="PacketPoolOptions.Group"/>, as the system's
    /// user database says.
    /// </param>
    public TrustDomains(PacketPoolOptions? global = null, PacketPoolOptions? user = null, Func<uint, bool>? isPrivileged = null)
    {
        _userOptions = user ?? (global is null ? null : global with { Counts = null });
        string group = (global ?? new PacketPoolOptions()).Group;
        _isPrivileged = isPrivileged ?? (uid => SystemGroups.IsPrivileged(uid, group));
        Global = PacketPool.CreateGlobal(global);
    }

    /// <summary>The pool of IPCPs, the IRMd and all privileged processes.</summary>
    public PacketPool Global { get; }

    /// <summary>Moves packets between the pools and counts.</summary>
    public PoolTransfer Transfers { get; } = new();

    /// <summary>Users who have a pool now.</summary>
    public IReadOnlyList<uint> Users
    {
        get { lock (_lock) return [.. _users.Keys.Order()]; }
    }

    /// <summary>Whether this user's processes use the global pool.</summary>
    public bool IsPrivileged(uint uid) => uid == 0 || _isPrivileged(uid);

    /// <summary>A process of a user begins: gives the user's pool, made if this is the first.</summary>
    /// <exception cref="FlowException">As <see cref="PacketPool.CreateForUser"/>.</exception>
    public PacketPool Attach(uint uid, uint gid)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_users.TryGetValue(uid, out UserPool? user))
            {
                if (IsPrivileged(uid)) return Global;
                user = new UserPool(PacketPool.CreateForUser(uid, gid, _userOptions));
                _users.Add(uid, user);
            }
            user.Processes++;
            return user.Pool;
        }
    }

    /// <summary>
    /// A process of a user has ended. After the last one the pool goes, when all its packets are back that are still under way; the next
    /// process of that user gets a new one.
    /// </summary>
    /// <exception cref="InvalidOperationException">The user has no process here.</exception>
    public void Detach(uint uid)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(uid, out UserPool? user))
            {
                if (IsPrivileged(uid)) return;
                throw new InvalidOperationException($"user {uid} has no process here");
            }
            if (--user.Processes > 0) return;
            _users.Remove(uid);
            user.Pool.Retire();
            _retired.RemoveAll(static pool => pool.Outstanding == 0);
            if (user.Pool.Outstanding != 0) _retired.Add(user.Pool);
        }
    }

    /// <summary>As <see cref="PoolTransfer.Transfer"/>.</summary>
    public FlowError Transfer(Packet packet, PacketPool destination, out Packet moved, bool direct = false)
        => Transfers.Transfer(packet, destination, out moved, direct);

    /// <summary>Disposes all pools.</summary>
    /// <exception cref="InvalidOperationException">When checked and packets are still out: says where they were rented.</exception>
    public void Dispose()
    {
        List<PacketPool> pools;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            pools = [.. _retired, .. _users.Values.Select(u => u.Pool), Global];
            _users.Clear();
            _retired.Clear();
        }
        foreach (PacketPool pool in pools) pool.Retire();
        if (!PacketPool.Checked) return;
        string[] leaks = [.. pools.Where(p => p.Outstanding != 0).Select(p => p.LeakReport())];
        if (leaks.Length > 0) throw new InvalidOperationException(string.Join('\n', leaks));
    }

    private sealed class UserPool(PacketPool pool)
    {
        public PacketPool Pool => pool;

        public int Processes { get; set; }
    }
}
