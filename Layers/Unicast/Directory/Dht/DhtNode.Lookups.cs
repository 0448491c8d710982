using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>Look-ups: alpha at a time, nearest first, until the k nearest have answered or, for values, somebody has some.</summary>
public sealed partial class DhtNode
{
    /// <summary>How often a node is asked before it is given up: once and two retries (dht.md section 13).</summary>
    private const int MaxTries = 3;

    /// <summary>The longest that a query takes (dht.md section 2), milliseconds.</summary>
    private const int QueryTimeout = 2000;

    /// <summary>The longest that any look-up takes, milliseconds.</summary>
    private const int LookupTimeout = 15_000;

    /// <summary>How long to go on through all nodes where reference nodes are (dht.md section 13), milliseconds.</summary>
    private const int ExhaustiveTimeout = 1500;

    private DhtLookup BeginLookup(in DhtKey target, LookupPurpose purpose, object? subject)
    {
        _isSooner = true;
        var lookup = Pool.Rent();
        lookup.Begin(target, purpose, subject, _now);
        _lookups.Add(new RunningLookup { Lookup = lookup, Prefix = target.Prefix, Due = long.MaxValue });
        Counters.Lookups++;
        _table.Touch(target, Seconds);
        var contacts = Pool.ToSend.AsSpan(0, _options.K);
        var count = _table.Closest(target, contacts);
        foreach (ref readonly var contact in contacts[..count]) lookup.Add(contact, 1);
        return lookup;
    }

    private void StartLookup(in DhtKey target, LookupPurpose purpose, object? subject) => Advance(BeginLookup(target, purpose, subject));

    private void Advance(DhtLookup lookup)
    {
        while (true)
        {
            bool done;
            do
            {
                var place = lookup.Next(_options.K, out done);
                if (place < 0 || lookup.InFlight >= _options.Alpha) break;
                Ask(lookup, place);
            }
            while (true);
            if (!done) break;
            if (TryWiden(lookup)) continue;
            Finish(lookup, []);
            return;
        }
        _lookups[PlaceOf(lookup)].Due = Math.Min(lookup.StartedAt + TimeoutOf(lookup), lookup.NextDue());
    }

    private int PlaceOf(DhtLookup lookup)
    {
        var running = _lookups.Span;
        var place = running.Length - 1;
        while (place >= 0 && !ReferenceEquals(running[place].Lookup, lookup)) place--;
        return place;
    }

    // Values of reference nodes are not near their keys (dht.md D2), but whoever registered one has it: so all that are known are asked.
    private bool TryWiden(DhtLookup lookup)
    {
        if (!lookup.ForValues || lookup.Exhaustive || (!lookup.MetReference && _table.UnmarkedCount == 0)) return false;
        lookup.Exhaustive = true;
        var all = Pool.All;
        foreach (ref readonly var contact in all.AsSpan(0, _table.CopyTo(all))) lookup.Add(contact, 1);
        return true;
    }

    private void Ask(DhtLookup lookup, int place)
    {
        ref var candidate = ref lookup[place];
        ref var progress = ref lookup.Progress(place);
        if (progress.Tries == 0)
        {
            lookup.Cookie(place) = NewCookie();
            candidate.AskedAt = _now;
        }
        candidate.RepeatedAt = _now;
        progress.Tries++;
        lookup.Due(place) = _now + _roundTrip.Timeout(progress.Tries);
        lookup.Requests++;
        if (!SendFind(candidate.Contact.Address, lookup.Target, CookieOf(lookup.Cookie(place), progress.Tries), lookup.ForValues))
        {
            GiveUp(lookup, place);
            return;
        }
        if (progress.Tries > 1) return;
        progress.State = CandidateState.Asked;
        progress.InFlight = true;
        lookup.InFlight++;
    }

    private void GiveUp(DhtLookup lookup, int place)
    {
        ref var progress = ref lookup.Progress(place);
        progress.State = CandidateState.Failed;
        Release(lookup, ref progress);
        Miss(lookup[place].Contact);
    }

    private static void Release(DhtLookup lookup, ref CandidateProgress progress)
    {
        if (!progress.InFlight) return;
        progress.InFlight = false;
        lookup.InFlight--;
    }

    private void TickLookups()
    {
        // From the end: one that is done leaves the list.
        for (var i = _lookups.Count - 1; i >= 0; i--)
        {
            if (i < _lookups.Count && _lookups[i].Due <= _now) TickLookup(_lookups[i].Lookup);
        }
    }

    private void TickLookup(DhtLookup lookup)
    {
        var age = _now - lookup.StartedAt;
        if (age >= TimeoutOf(lookup))
        {
            Finish(lookup, [], timedOut: true);
            return;
        }
        foreach (var place in lookup.Order)
        {
            ref var progress = ref lookup.Progress(place);
            if (progress.State != CandidateState.Asked || lookup.Due(place) > _now) continue;
            Counters.Timeouts++;
            if (progress.Tries >= MaxTries)
            {
                GiveUp(lookup, place);
                continue;
            }
            // It is late, and no longer holds up others; but it may still be there.
            Release(lookup, ref progress);
            Miss(lookup[place].Contact);
            Ask(lookup, place);
        }
        Advance(lookup);
    }

    private static int TimeoutOf(DhtLookup lookup) => !lookup.ForValues ? LookupTimeout : lookup.Exhaustive ? ExhaustiveTimeout : QueryTimeout;

    private bool TryAnswerLookup(in DhtMessage message)
    {
        foreach (ref readonly var running in _lookups.Span)
        {
            if (running.Prefix != message.Key.Prefix) continue;
            var lookup = running.Lookup;
            if (lookup.ForValues != (message.Code == DhtCode.FindValueAnswer) || lookup.Target != message.Key) continue;
            var place = lookup.Find(message.Cookie, message.Source.Address);
            if (place < 0) continue;
            OnAnswer(lookup, place, message);
            return true;
        }
        return false;
    }

    private void OnAnswer(DhtLookup lookup, int place, in DhtMessage message)
    {
        ref var candidate = ref lookup[place];
        var sameId = candidate.Contact.Id == message.Source.Id;
        ref var progress = ref lookup.Progress(place);
        if (progress.State == CandidateState.Answered || (progress.State == CandidateState.Failed && !sameId))
        {
            Counters.CountDropped(DhtDrop.Duplicate);
            return;
        }
        Release(lookup, ref progress);
        _roundTrip.Measure(_now, unchecked(message.Cookie - lookup.Cookie(place)), progress.Tries, candidate.AskedAt, candidate.RepeatedAt);
        // Another id at this address: the node is not where the look-up thought it to be. What it says counts, its place does not.
        progress.State = sameId ? CandidateState.Answered : CandidateState.Failed;
        var hops = progress.Hops;
        Meet(message.Source, message.IsMarked);
        if (!message.IsMarked) lookup.MetReference = true;
        if (lookup.ForValues && TryFinish(lookup, message.Values, hops)) return;
        foreach (ref readonly var contact in message.Contacts)
        {
            if (IsUsable(contact)) lookup.Add(contact, hops + 1);
        }
        Advance(lookup);
    }

    private bool IsUsable(in DhtContact contact)
    {
        // Our own address is no mistake of whoever answers: the reference names us to ourselves.
        if (contact.Address == _own.Address) return false;
        if (contact.Id.Length == _options.KeyLength && IsAddress(contact.Address) && _output.CanReach(contact.Address)) return true;
        Counters.CountDropped(DhtDrop.Contact);
        return false;
    }

    private bool TryFinish(DhtLookup lookup, ReadOnlySpan<ulong> values, int hops)
    {
        Span<ulong> found = stackalloc ulong[ValueStore.MaxPerKey];
        var count = 0;
        foreach (var value in values)
        {
            if (!IsAddress(value)) Counters.CountDropped(DhtDrop.Value);
            else if (value != _own.Address && count < found.Length && !found[..count].Contains(value)) found[count++] = value;
        }
        if (count == 0) return false;
        var reached = Reached(found[..count]);
        if (reached.Length == 0)
        {
            // Somebody who was there once and whom this node still remembers. Another node may know of his return.
            lookup.Unreached ??= found[..count].ToArray();
            return false;
        }
        Finish(lookup, reached, hops: hops);
        return true;
    }

    private void Finish(DhtLookup lookup, ulong[] found, bool timedOut = false, int hops = 0)
    {
        _lookups.RemoveAt(PlaceOf(lookup));
        switch (lookup.Purpose)
        {
            case LookupPurpose.Query:
                FinishQuery(lookup, found, timedOut, hops);
                break;
            case LookupPurpose.Publish:
                Publish(lookup);
                break;
            case LookupPurpose.Replicate:
                Replicate(lookup);
                break;
        }
        Pool.Return(lookup);
        Pump();
    }
}
