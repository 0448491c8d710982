using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>Queries: from what is here, else by a look-up; all for one key share one.</summary>
public sealed partial class DhtNode
{
    /// <summary>Queries on behalf of reference nodes that run at a time.</summary>
    private const int MaxProxied = 16;

    private readonly Queue<(QueryWaiter Waiter, DhtKey Key)> _waiting = new();
    private TokenBucket _proxyBudget = new(perSecond: 10, burst: 20);
    private int _proxied;
    private bool _pumping;

    private void BeginQuery(in QueryWaiter waiter, in DhtKey key)
    {
        if (key.Length != _options.KeyLength)
        {
            Complete(waiter, key, [], DhtQueryOutcome.NotFound, 0, 0);
            return;
        }
        if (FindHere(key) is { } here)
        {
            Complete(waiter, key, here, here.Length > 0 ? DhtQueryOutcome.FoundHere : DhtQueryOutcome.NotFound, 0, 0);
            return;
        }
        foreach (ref readonly var running in _lookups.Span)
        {
            var lookup = running.Lookup;
            if (!lookup.ForValues || lookup.Target != key) continue;
            ((List<QueryWaiter>)lookup.Subject!).Add(waiter);
            return;
        }
        if (_lookups.Count < MaxLookups) StartLookup(key, LookupPurpose.Query, new List<QueryWaiter> { waiter });
        else if (_waiting.Count < MaxWaitingQueries) _waiting.Enqueue((waiter, key));
        else Complete(waiter, key, [], DhtQueryOutcome.Refused, 0, 0);
    }

    // null: it has to be looked up. Empty: it was, a moment ago.
    private ulong[]? FindHere(in DhtKey key)
    {
        Span<ulong> values = stackalloc ulong[ValueStore.MaxPerKey];
        var reached = Reached(values[.._values.CopyTo(key, _unixNow, values)]);
        if (reached.Length > 0) return reached;
        var known = _cache.Find(key, _now);
        if (known is null or { Length: 0 }) return known;
        reached = Reached(known);
        return reached.Length > 0 ? reached : null;
    }

    private ulong[] Reached(ReadOnlySpan<ulong> addresses)
    {
        Span<ulong> reached = stackalloc ulong[ValueStore.MaxPerKey];
        var count = 0;
        foreach (var address in addresses)
        {
            if (count < reached.Length && _output.CanReach(address)) reached[count++] = address;
        }
        return count == 0 ? [] : reached[..count].ToArray();
    }

    // What is known, but not how to get there: routing may be about to find a way.
    private ulong[] Unreached(DhtLookup lookup)
    {
        if (lookup.Unreached is { } found) return found;
        Span<ulong> values = stackalloc ulong[ValueStore.MaxPerKey];
        return values[.._values.CopyTo(lookup.Target, _unixNow, values)].ToArray();
    }

    private void FinishQuery(DhtLookup lookup, ulong[] found, bool timedOut, int hops)
    {
        // A failure to search is no proof that there is nothing to find.
        var unreached = found.Length > 0 ? [] : Unreached(lookup);
        if (found.Length > 0 || (unreached.Length == 0 && !timedOut && lookup.Requests > 0)) _cache.Set(lookup.Target, found, _now);
        if (found.Length == 0) found = unreached;
        var outcome = found.Length > 0 ? DhtQueryOutcome.Found : timedOut ? DhtQueryOutcome.TimedOut : DhtQueryOutcome.NotFound;
        foreach (var waiter in (List<QueryWaiter>)lookup.Subject!)
        {
            Complete(waiter, lookup.Target, found, outcome, hops, lookup.Requests);
        }
    }

    private void Complete(in QueryWaiter waiter, in DhtKey key, ulong[] found, DhtQueryOutcome outcome, int hops, int requests)
    {
        if (waiter.Address == 0)
        {
            _output.Complete(new DhtQueryResult(waiter.Query, key, found, outcome, hops, requests, _now - waiter.Since));
            return;
        }
        _proxied--;
        if (found.Length == 0) return;
        // The reference takes a second answer to its request as long as it waits for one, two seconds (dht.md section 13).
        var to = new DhtContact(_own.Id, waiter.Address);
        Answer(DhtCode.FindValueRequest, to, key, waiter.Cookie, found);
    }

    /// <summary>A reference node asked for what is not here. It cannot find it by itself, so this node does.</summary>
    private void SearchFor(in DhtMessage request)
    {
        if (_table.Count == 0 || _cache.Find(request.Key, _now) is { Length: 0 }) return;
        if (_proxied >= MaxProxied || _lookups.Count >= MaxMaintenanceLookups || !_proxyBudget.TryTake(_now))
        {
            Counters.CountDropped(DhtDrop.ProxyLimit);
            return;
        }
        _proxied++;
        BeginQuery(new QueryWaiter(0, request.Source.Address, request.Cookie, _now), request.Key);
    }

    /// <summary>Starts what waited for a look-up to end: queries first, then publications.</summary>
    private void Pump()
    {
        // A look-up that ends as soon as it begins comes back here; the loop that began it goes on.
        if (_pumping) return;
        _pumping = true;
        while (_lookups.Count < MaxLookups && _waiting.TryDequeue(out var next))
        {
            if (_now - next.Waiter.Since >= QueryTimeout) Complete(next.Waiter, next.Key, [], DhtQueryOutcome.TimedOut, 0, 0);
            else BeginQuery(next.Waiter, next.Key);
        }
        PublishDue();
        _pumping = false;
    }
}
