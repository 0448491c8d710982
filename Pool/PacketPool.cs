using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Pool;

/// <summary>
/// The packet memory of one trust domain: blocks of nine sizes outside the GC heap. A thread takes a block from the list of its own
/// shard, else from another; it goes back to the shard of whoever rented it. Owns the memory; everything rented must be back when it is
/// disposed.
/// </summary>
public sealed unsafe partial class PacketPool : IDisposable
{
    /// <summary>
    /// Whether pools say where packets were rented, and throw instead of count when a packet is disposed twice: set by the AppContext
    /// switch <c>Ouroboros.Pool.Checked</c>, else true in a DEBUG build only.
    /// </summary>
    public static readonly bool Checked = AppContext.TryGetSwitch("Ouroboros.Pool.Checked", out bool on) ? on : IsDebugBuild();

    internal static readonly int Pid = Environment.ProcessId;

    private const int MaxShards = 64;

    // Modes of the files, octal 0660 and 0600 (packet-pool notes, section 1).
    private const uint GlobalMode = 0x1B0;
    private const uint UserMode = 0x180;

    private static int s_made;

    private readonly PoolLayout _layout;
    private readonly PoolMemory _memory;
    private readonly SizeClass?[] _classes = new SizeClass?[PoolLayout.Classes];
    private readonly int[][] _candidates = new int[PoolLayout.Classes][];
    private readonly int _shardMask;
    private readonly TimeProvider _time;
    private readonly PacketPoolOptions _options;
    private readonly byte[] _classByLog = new byte[32];
    private readonly byte _smallestClass;
    private long _exhausted, _waited, _timedOut, _cancelled, _stolen, _largerUsed, _badReleases;
    private readonly List<string> _warnings = [];
    private int _retired;
    private int _gone;

    private PacketPool(uint owner, uint group, PoolCounts defaults, PacketPoolOptions? options)
    {
        _options = options ?? new PacketPoolOptions();
        Owner = owner;
        OwnerGroup = group;
        _time = _options.TimeProvider;
        int[] counts = Validate(_options, defaults, out int shards);
        _shardMask = shards - 1;
        _layout = new PoolLayout(counts, shards);
        ushort firstGeneration = (ushort)(Interlocked.Increment(ref s_made) * 0x9E37);
        PoolHeader header = PoolHeader.Of(_layout, owner, group, firstGeneration);
        _memory = _options.Backing == PoolBacking.Anonymous ? PoolMemory.Anonymous(header, _layout.Size) : MakeShared(header);
        if (_options.LockInMemory && owner == 0 && _memory.TryLock() is { } warning) _warnings.Add(warning);
        Number = PoolTable.NewNumber();
        for (int c = 0; c < PoolLayout.Classes; c++)
        {
            if (counts[c] == 0) continue;
            var sizeClass = new SizeClass(this, c, _memory.Address, _layout, firstGeneration);
            _classes[c] = sizeClass;
            MaxLength = sizeClass.MaxPayload;
            PoolTable.Publish(Number, c, new ClassEntry
            {
                Data = _memory.Address + _layout.Data[c],
                Blocks = (BlockDescriptor*)(_memory.Address + _layout.Descriptors[c]),
                Count = (uint)counts[c],
                Stride = (uint)PoolLayout.Stride(c),
                Capacity = (uint)PoolLayout.Capacity(c),
                Class = sizeClass,
            });
        }
        for (int c = 0; c < PoolLayout.Classes; c++)
            _candidates[c] = [.. Enumerable.Range(c, PoolLayout.Classes - c).Where(k => counts[k] > 0).Take(1 + _options.FallbackSizes)];
        _smallestClass = (byte)FirstClassFor(0);
        for (int log = 0; log < _classByLog.Length; log++) _classByLog[log] = (byte)FirstClassFor((1L << (log + 1)) - PoolLayout.Overhead);
        _cacheLimits = [.. counts.Select(n => (byte)CacheLimit(n, _options.ThreadCache))];
    }

    /// <summary>Largest payload, in bytes: 1,048,260 in a global pool and 261,828 in a user's, with the default sizes.</summary>
    public int MaxLength { get; }

    /// <summary>Number of the user whose packets these are; 0 for the global pool.</summary>
    public uint Owner { get; }

    /// <summary>Group of that user.</summary>
    public uint OwnerGroup { get; }

    /// <summary>The file that other processes can attach; null for memory of this process only.</summary>
    public string? Path => _memory.Path;

    /// <summary>What did not work when the pool was made but is no failure, e.g. that its file could not be given to its owner.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Blocks rented and not yet returned.</summary>
    public long Outstanding
    {
        get
        {
            (long rented, long returned) = Totals();
            return rented - returned;
        }
    }

    /// <summary>First part of each handle of this pool.</summary>
    internal int Number { get; }

    /// <summary>Nothing can be rented any more.</summary>
    internal bool IsRetired => Volatile.Read(ref _retired) != 0;

    /// <summary>Its memory is about to go.</summary>
    internal bool IsGone => Volatile.Read(ref _gone) != 0;

    /// <summary>Makes the pool that all privileged processes share (GSPP).</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: a wrong option.</exception>
    public static PacketPool CreateGlobal(PacketPoolOptions? options = null) => new(0, 0, PoolCounts.Global, options);

    /// <summary>Makes the pool of one unprivileged user (PUP).</summary>
    /// <param name="uid">The user; not 0.</param>
    /// <param name="gid">The user's group.</param>
    /// <param name="options">How.</param>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: a wrong option, or user 0.</exception>
    public static PacketPool CreateForUser(uint uid, uint gid, PacketPoolOptions? options = null)
    {
        if (uid == 0) throw new FlowException(FlowError.InvalidArgument, "user 0 has no pool of its own; use the global pool");
        return new PacketPool(uid, gid, PoolCounts.User, options);
    }

    /// <summary>Rents a packet; does not wait, and does not overtake those who do.</summary>
    /// <param name="length">Payload bytes; the payload holds whatever was there.</param>
    /// <param name="packet">The packet, or none.</param>
    /// <param name="file">Filled in by the compiler, for leak reports.</param>
    /// <param name="line">Filled in by the compiler, for leak reports.</param>
    /// <returns>False when no block is free.</returns>
    /// <exception cref="FlowException"><see cref="FlowError.MessageTooLong"/>: longer than <see cref="MaxLength"/>.</exception>
    public bool TryRent(int length, out Packet packet, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        int c = ClassOf(length);
        if (CacheOfThread()->TryRent(c, length, out packet) || TryRentSlowly(c, length, out packet))
        {
            if (Checked) Note(packet, file, line);
            return true;
        }
        Interlocked.Increment(ref _exhausted);
        return false;
    }

    /// <summary>As <see cref="TryRent"/>, but throws when no block is free.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.MessageTooLong"/>: longer than <see cref="MaxLength"/>; <see cref="FlowError.TryAgain"/>: no block is free.
    /// </exception>
    public Packet Rent(int length, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => TryRent(length, out Packet packet, file, line) ? packet : throw Exhausted(FlowError.TryAgain, length);

    /// <summary>Moves a packet of this pool to another, counted in <see cref="PoolTransfer.Shared"/>; see <see cref="PoolTransfer.Transfer"/>.</summary>
    public FlowError TransferTo(Packet packet, PacketPool destination, out Packet moved)
    {
        if (packet.Pool != this) throw new ArgumentException($"the packet is not of {this}", nameof(packet));
        return PoolTransfer.Shared.Transfer(packet, destination, out moved);
    }

    /// <summary>Counters and free blocks.</summary>
    public PoolStatistics GetStatistics()
    {
        var sizes = new List<PoolSizeStatistics>();
        foreach (SizeClass? c in _classes)
        {
            if (c is null) continue;
            int[] shards = [.. Enumerable.Range(0, _shardMask + 1).Select(c.FreeIn)];
            int cached = Cached(c.Index);
            sizes.Add(new PoolSizeStatistics(c.BlockSize, c.MaxPayload, (int)c.Count, shards.Sum() + cached, cached, shards));
        }
        int waiting;
        lock (_waitLock) waiting = _waiting;
        (long rented, long returned) = Totals();
        return new PoolStatistics(
            rented, returned, Volatile.Read(ref _exhausted), Volatile.Read(ref _waited),
            Volatile.Read(ref _timedOut), Volatile.Read(ref _cancelled), Volatile.Read(ref _stolen), Volatile.Read(ref _largerUsed),
            Volatile.Read(ref _badReleases), waiting, sizes);
    }

    /// <summary>
    /// Ends the pool while packets may still be under way: nothing can be rented any more, sleepers get
    /// <see cref="FlowError.BrokenPipe"/>, and the memory goes when the last packet is disposed.
    /// </summary>
    public void Retire()
    {
        if (Interlocked.Exchange(ref _retired, 1) != 0) return;
        _memory.RemoveName();
        LockCachesForGood();
        foreach (SizeClass? c in _classes)
        {
            if (c is not null) Interlocked.Add(ref c.Attention, SizeClass.Retired);
        }
        BreakWaits();

        // Whoever returns the last packet meanwhile either sees the attention above, or its count is seen here.
        Interlocked.MemoryBarrierProcessWide();
        ReleaseIfUnused();
    }

    /// <summary>As <see cref="Retire"/>, when all packets are expected to be back.</summary>
    /// <exception cref="InvalidOperationException">
    /// When checked and packets are still out: says where they were rented. Their memory stays until they are disposed.
    /// </exception>
    public void Dispose()
    {
        if (IsRetired) return;
        Retire();
        if (Checked && !IsGone) throw new InvalidOperationException(LeakReport());
    }

    internal FlowException Exhausted(FlowError error, int length) => new(
        error,
        $"no block for {length} bytes is free in {this} ({Outstanding} in use); read and dispose packets, or raise the pool's counts");

    /// <summary>What is out and where it was rented, as far as that is known.</summary>
    internal string LeakReport()
    {
        IEnumerable<string> sites = _classes.OfType<SizeClass>().SelectMany(c => c.Sites())
            .GroupBy(s => s).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} x {g.Key}").Take(20);
        return $"{this} is disposed while {Outstanding} packets are out:\n  " + string.Join("\n  ", sites);
    }

    /// <summary>"the global packet pool" or "the packet pool of user 1000".</summary>
    public override string ToString() => Owner == 0 ? "the global packet pool" : $"the packet pool of user {Owner}";

    private static void Note(Packet packet, string file, int line)
        => PoolTable.Find(packet.Handle).Class.Note(packet, file, line);

    private static bool IsDebugBuild()
    {
        bool debug = false;
        Note(ref debug);
        return debug;

        [Conditional("DEBUG")]
        static void Note(ref bool debug) => debug = true;
    }

    private PoolMemory MakeShared(in PoolHeader header)
    {
        string name = Owner == 0 ? $"{_options.Prefix}.gspp" : $"{_options.Prefix}.pup.{Owner}";
        string path = System.IO.Path.Combine(_options.Directory, name);
        if (Owner != 0) return PoolMemory.Shared(path, header, _layout.Size, Owner, OwnerGroup, UserMode, _warnings);
        uint? group = SystemGroups.TryFind(_options.Group, out uint gid) ? gid : null;

        // User 0 owns it when user 0 makes it; somebody else who runs all of Ouroboros by themselves keeps it.
        return PoolMemory.Shared(path, header, _layout.Size, Interop.Libc.EffectiveUser(), group, GlobalMode, _warnings);
    }

    private static int[] Validate(PacketPoolOptions options, PoolCounts defaults, out int shards)
    {
        int[] counts = (options.Counts ?? defaults).ToArray();
        for (int c = 0; c < counts.Length; c++)
        {
            long most = Math.Min(PoolTable.IndexMask, int.MaxValue / PoolLayout.Stride(c));
            if (counts[c] < 0 || counts[c] > most)
                throw Wrong($"Counts: {counts[c]} blocks of {PoolLayout.BlockSizes[c]} bytes; 0 to {most} are possible");
        }
        if (counts.All(n => n == 0)) throw Wrong("Counts: a pool needs blocks of at least one size");
        shards = options.Shards;
        if (shards == 0) shards = Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount), 4, MaxShards);
        if (shards < 1 || shards > MaxShards || !BitOperations.IsPow2(shards))
            throw Wrong($"Shards: {options.Shards}; a power of two up to {MaxShards}, or 0, is possible");
        if (options.ThreadCache is < 0 or > 64) throw Wrong($"ThreadCache: {options.ThreadCache}; 0 to 64 is possible");
        if (options.FallbackSizes is < 0 or > PoolLayout.Classes) throw Wrong($"FallbackSizes: {options.FallbackSizes}; 0 to 9 is possible");
        if (options.Prefix.Length == 0 || options.Prefix.Contains('/')) throw Wrong($"Prefix: '{options.Prefix}' is no file name");
        return counts;

        static FlowException Wrong(string what) => new(FlowError.InvalidArgument, $"packet pool options, {what}");
    }

    private static int CacheLimit(int blocks, int wanted)
    {
        // However many threads there are, caches must not hold most of a size; below 4 a cache is not worth its while.
        int limit = Math.Min(wanted, blocks / 64);
        return limit < 4 ? 0 : limit;
    }

    private int FirstClassFor(long payload)
    {
        for (int c = 0; c < _classes.Length; c++)
        {
            if (_classes[c] is { } sizeClass && payload <= sizeClass.MaxPayload) return c;
        }
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ClassOf(int length)
    {
        if ((uint)length > (uint)MaxLength) ThrowBadLength(length);

        // All sizes but the first are powers of two, so the logarithm names the first that is large enough.
        return length <= PoolLayout.SmallestPayload
            ? _smallestClass
            : _classByLog[BitOperations.Log2((uint)length + (PoolLayout.Overhead - 1))];
    }

    [DoesNotReturn]
    private void ThrowBadLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        throw new FlowException(FlowError.MessageTooLong, $"{length} bytes do not fit into a packet of {this}, at most {MaxLength} do");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryRentSlowly(int c, int length, out Packet packet)
    {
        ObjectDisposedException.ThrowIf(IsRetired, this);
        if (TryTakeFromShards(c, length, mayOvertake: false, out packet)) return true;

        // What is free now sits in the caches of threads, if anywhere.
        return TakeAwayFromCaches(c, certain: false) && TryTakeFromShards(c, length, mayOvertake: false, out packet);
    }

    private bool TryTakeFromShards(int c, int length, bool mayOvertake, out Packet packet)
    {
        ThreadCacheState* cache = CacheOfThread();
        uint index = 0;
        foreach (int k in _candidates[c])
        {
            SizeClass sizeClass = _classes[k]!;
            bool stolen = false;
            if (Volatile.Read(ref sizeClass.Attention) == 0 && cache->TryRefill(sizeClass, out stolen))
            {
                bool rented = cache->TryRent(k, length, out packet);

                // Somebody may have gone to sleep while we took more than one.
                if (Volatile.Read(ref sizeClass.Attention) != 0) Attend(sizeClass);
                if (rented)
                {
                    CountSpecial(stolen, k != c);
                    return true;
                }
            }
            if (!mayOvertake && Volatile.Read(ref sizeClass.Attention) != 0) continue;
            if (sizeClass.Take(cache->Shard, new Span<uint>(ref index), out stolen) == 0) continue;
            Volatile.Write(ref cache->Rented, cache->Rented + 1);
            packet = sizeClass.Open(index, length, cache->Shard);
            CountSpecial(stolen, k != c);
            return true;
        }
        packet = default;
        return false;
    }

    private void CountSpecial(bool stolen, bool larger)
    {
        if (stolen) Interlocked.Increment(ref _stolen);
        if (larger) Interlocked.Increment(ref _largerUsed);
    }

    private void ReleaseIfUnused()
    {
        if (Outstanding != 0 || Interlocked.Exchange(ref _gone, 1) != 0) return;
        ForgetCaches();
        PoolTable.Withdraw(Number);
        _memory.Dispose();
    }
}
