using System.Runtime.InteropServices;

namespace Ouroboros.Pool;

/// <summary>
/// Owns the memory of a <see cref="ThreadCacheState"/> and does to it what other threads than its own may do: look at it, and take the
/// blocks away when the pool has nothing else left.
/// </summary>
/// <remarks>
/// Its thread stores <c>Busy</c>, then loads <c>Locked</c>, without a barrier; the other stores <c>Locked</c>, makes every processor drain its
/// stores (<see cref="Interlocked.MemoryBarrierProcessWide"/>), then loads <c>Busy</c>. So at least one of them sees the other, and the one
/// in a thousand who needs the blocks pays for it.
/// </remarks>
internal sealed unsafe class ThreadCache
{
    private const int Line = 64;
    private readonly Thread _owner = Thread.CurrentThread;

    /// <summary>Makes the calling thread's cache.</summary>
    public ThreadCache(int number, SizeClass?[] classes, ReadOnlySpan<byte> limits, int shard)
    {
        int state = (sizeof(ThreadCacheState) + Line - 1) / Line * Line;
        int blocks = 0;
        foreach (byte limit in limits) blocks += limit;
        nuint size = (nuint)(state + (blocks * sizeof(uint)) + Line);
        State = (ThreadCacheState*)NativeMemory.AlignedAlloc(size, Line);
        NativeMemory.Clear(State, size);
        State->Number = number;
        State->Shard = shard;
        State->Renter = BlockDescriptor.MakeRenter(shard);
        var next = (uint*)((byte*)State + state);
        for (int c = 0; c < classes.Length; c++)
        {
            if (classes[c] is not { } sizeClass) continue;
            State->SetUp(sizeClass, next, limits[c]);
            next += limits[c];
        }
    }

    // Its thread has ended, or has another cache in its place: nobody can hold the address any more.
    ~ThreadCache() => NativeMemory.AlignedFree(State);

    public ThreadCacheState* State { get; }

    public bool OwnerIsAlive => _owner.IsAlive;

    public long Rented => Volatile.Read(ref State->Rented);

    public long Returned => Volatile.Read(ref State->Returned);

    /// <summary>Before the barrier on all processors: keeps the owner out.</summary>
    public void Lock() => Volatile.Write(ref State->Locked, 1);

    /// <summary>After that barrier: moves the blocks of a class to the shards.</summary>
    /// <param name="sizeClass">The class.</param>
    /// <param name="certain">
    /// Wait for an owner that is inside, who may have lost its processor there: a sleeper depends on what it keeps. Else it is passed over.
    /// </param>
    /// <returns>How many.</returns>
    public int TakeAway(SizeClass sizeClass, bool certain)
    {
        var spin = new SpinWait();
        while (Volatile.Read(ref State->Busy) != 0)
        {
            if (!certain && spin.Count > 20) return 0;
            spin.SpinOnce(sleep1Threshold: certain ? 40 : -1);
        }
        int n = State->Count(sizeClass.Index);
        if (n > 0) State->Flush(sizeClass, n);
        return n;
    }

    /// <summary>Lets the owner in again.</summary>
    public void Unlock() => Volatile.Write(ref State->Locked, 0);

    /// <summary>The pool has gone, and its number may be given to another.</summary>
    public void Forget()
    {
        Lock();
        Volatile.Write(ref State->Number, 0);
    }
}
