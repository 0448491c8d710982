namespace Ouroboros.Pool;

/// <summary>
/// The pools of one runtime: the global one, and one per unprivileged user from the user's first process to the last. Owns them, and
/// moves packets between them.
/// </summary>
public sealed class TrustDomains : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, UserPool> _users = [];
    private readonly PacketPoolOptions? _userOptions;
    private readonly Func<uint, bool> _isPrivileged;
    private bool _disposed;

    /// <summary>Makes the global pool.</summary>
    /// <param name="global">Options of the global pool.</param>
    /// <param name="user">Options of each user's pool.</param>
    /// <param name="isPrivileged">
    /// Whether a user may use the global pool; user 0 always may. Null: nobody else may.
    /// </param>
    public TrustDomains(PacketPoolOptions? global = null, PacketPoolOptions? user = null, Func<uint, bool>? isPrivileged = null)
    {
        _userOptions = user ?? global;
        _isPrivileged = isPrivileged ?? (static _ => false);
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
    public PacketPool Attach(uint uid, uint gid)
    {
        if (IsPrivileged(uid)) return Global;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_users.TryGetValue(uid, out UserPool? user))
            {
                user = new UserPool(PacketPool.CreateForUser(uid, gid, _userOptions));
                _users.Add(uid, user);
            }
            user.Processes++;
            return user.Pool;
        }
    }

    /// <summary>A process of a user has ended; the last one takes the pool with it.</summary>
    /// <exception cref="InvalidOperationException">The user has no process here; or, when checked, packets of the pool are still out.</exception>
    public void Detach(uint uid)
    {
        if (IsPrivileged(uid)) return;
        PacketPool pool;
        lock (_lock)
        {
            if (!_users.TryGetValue(uid, out UserPool? user)) throw new InvalidOperationException($"user {uid} has no process here");
            if (--user.Processes > 0) return;
            _users.Remove(uid);
            pool = user.Pool;
        }
        pool.Dispose();
    }

    /// <summary>As <see cref="PoolTransfer.Transfer"/>.</summary>
    public FlowError Transfer(Packet packet, PacketPool destination, out Packet moved, bool direct = false)
        => Transfers.Transfer(packet, destination, out moved, direct);

    /// <summary>Disposes all pools.</summary>
    public void Dispose()
    {
        PacketPool[] pools;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            pools = [.. _users.Values.Select(u => u.Pool), Global];
            _users.Clear();
        }
        List<Exception>? errors = null;
        foreach (PacketPool pool in pools)
        {
            try
            {
                pool.Dispose();
            }
            catch (InvalidOperationException e)
            {
                (errors ??= []).Add(e);
            }
        }
        if (errors is not null) throw new InvalidOperationException(string.Join('\n', errors.Select(e => e.Message)));
    }

    private sealed class UserPool(PacketPool pool)
    {
        public PacketPool Pool => pool;

        public int Processes { get; set; }
    }
}
