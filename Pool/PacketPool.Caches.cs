using System.Runtime.CompilerServices;

namespace Ouroboros.Pool;

public sealed unsafe partial class PacketPool
{
    [ThreadStatic] private static nint t_last;
    [ThreadStatic] private static ThreadCache?[]? t_caches;

    private readonly Lock _cacheLock = new();
    private readonly List<ThreadCache> _caches = [];
    private readonly byte[] _cacheLimits;
    private long _rentedByGone, _returnedByGone;
    private int _nextShard;

    /// <summary>This thread's cache for this pool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ThreadCacheState* CacheOfThread()
    {
        // Most threads use one pool only, or one after the other.
        var last = (ThreadCacheState*)t_last;
        return last != null && last->Number == Number ? last : OtherCacheOfThread();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ThreadCacheState* OtherCacheOfThread()
    {
        if (t_caches is null || t_caches.Length <= Number) Array.Resize(ref t_caches, Math.Max(Number + 1, 16));
        if (t_caches[Number] is not { } cache || cache.State->Number != Number)
        {
            lock (_cacheLock)
            {
                Prune();
                cache = new ThreadCache(Number, _classes, _cacheLimits, _nextShard++ & _shardMask);
                if (IsRetired) cache.Lock();

                // When the pool has gone, its number may be another pool's by now.
                if (IsGone) cache.Forget();
                else _caches.Add(cache);
            }

            // From here on the thread keeps the cache alive, so that the bare address in t_last stays good.
            t_caches[Number] = cache;
        }
        t_last = (nint)cache.State;
        return cache.State;
    }

    /// <summary>Under the lock: what threads left behind that have ended.</summary>
    private void Prune()
    {
        for (int i = _caches.Count - 1; i >= 0; i--)
        {
            ThreadCache cache = _caches[i];
            if (cache.OwnerIsAlive) continue;
            foreach (SizeClass? c in _classes)
            {
                if (c is not null) cache.TakeAway(c, certain: true);
            }
            _rentedByGone += cache.Rented;
            _returnedByGone += cache.Returned;
            _caches.RemoveAt(i);
        }
    }

    private (long Rented, long Returned) Totals()
    {
        lock (_cacheLock)
        {
            // Returned first: a packet that comes back meanwhile must not look as if it had never been rented.
            long returned = _returnedByGone;
            foreach (ThreadCache cache in _caches) returned += cache.Returned;
            long rented = _rentedByGone;
            foreach (ThreadCache cache in _caches) rented += cache.Rented;
            return (rented, returned);
        }
    }

    private int Cached(int c)
    {
        int n = 0;
        lock (_cacheLock)
        {
            foreach (ThreadCache cache in _caches) n += cache.State->Count(c);
        }
        return n;
    }

    /// <summary>Moves the free blocks that all threads keep, of the sizes that could serve size <paramref name="c"/>, to the shards.</summary>
    /// <param name="c">Size wanted.</param>
    /// <param name="certain">Also when there seem to be none: after this, every other thread has seen what this one wrote before.</param>
    /// <returns>Whether there were any.</returns>
    private bool TakeAwayFromCaches(int c, bool certain)
    {
        int n = 0;
        lock (_cacheLock)
        {
            bool any = certain;
            foreach (ThreadCache cache in _caches) any |= HasBlocks(cache, c);
            if (!any || IsRetired) return false;
            foreach (ThreadCache cache in _caches) cache.Lock();
            Interlocked.MemoryBarrierProcessWide();
            foreach (ThreadCache cache in _caches)
            {
                foreach (int k in _candidates[c]) n += cache.TakeAway(_classes[k]!, certain);
                cache.Unlock();
            }
        }
        return n > 0;
    }

    private bool HasBlocks(ThreadCache cache, int c)
    {
        foreach (int k in _candidates[c])
        {
            if (cache.State->Count(k) > 0) return true;
        }
        return false;
    }

    private void TakeAwayFromOwnCache(SizeClass sizeClass)
    {
        ThreadCacheState* cache = CacheOfThread();
        if (cache->Count(sizeClass.Index) == 0) return;
        lock (_cacheLock)
        {
            // Under the lock nobody else takes from it, and the owner is here.
            int n = cache->Count(sizeClass.Index);
            if (n > 0) cache->Flush(sizeClass, n);
        }
    }

    private void LockCachesForGood()
    {
        lock (_cacheLock)
        {
            foreach (ThreadCache cache in _caches) cache.Lock();
        }
        Interlocked.MemoryBarrierProcessWide();
    }

    private void ForgetCaches()
    {
        lock (_cacheLock)
        {
            foreach (ThreadCache cache in _caches)
            {
                _rentedByGone += cache.Rented;
                _returnedByGone += cache.Returned;
                cache.Forget();
            }
            _caches.Clear();
        }
    }
}
