using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>What a node does by itself: finding the directory, refreshing its table, expiring and replicating values.</summary>
public sealed partial class DhtNode
{
    private const int LeastSeedInterval = 250;
    private const int MostSeedInterval = 10_000;
    private const int FirstNeighboursInterval = 2000;
    private const int MaxMembers = 32;

    // After these, a node that has contacts settles for those; the next round of refreshing tries again.
    private const int MaxSeedTries = 12;

    /// <summary>Parts of the table that are looked at in one round of <see cref="DhtOptions.Refresh"/>: more than a table has.</summary>
    private const int RefreshesPerRound = 96;

    private const int ReplicationsPerTick = 8;

    // Members gained at a time are many when they are at least this part of all: a quarter.
    private const int ManyShare = 4;
    private const int JoinProbes = 3;
    private const int JoinInterval = 1000;
    private const int GrowthSpread = 8000;
    private const int MaxJoining = 16;
    private const int MaxJoinTries = 5;
    private const long Never = long.MaxValue;

    private ulong _peer;
    private ulong _seedAddress;
    private ulong _seedCookie;
    private int _seedTries;
    private long _seedAt = Never;
    private long _reseedAt;
    private long _maintenanceAt;
    private readonly List<ulong> _joining = [];
    private long _joinAt = Never;
    private int _joinTries;
    private int _grown;
    private long _neighboursAt = Never;
    private long _neighboursInterval = FirstNeighboursInterval;

    private void BeginMaintenance(ulong peer)
    {
        _peer = IsAddress(peer) && peer != _own.Address ? peer : 0;
        _maintenanceAt = _now + Jitter((long)_options.MaintenanceInterval.TotalMilliseconds);
        _reseedAt = _now + Jitter((long)_options.Refresh.TotalMilliseconds);
        Seed();
        Pump();
    }

    private long MaintenanceDeadline()
    {
        var next = Math.Min(Math.Min(_maintenanceAt, _seedAt), Math.Min(_neighboursAt, _joinAt));
        if (_table.Count > 0 && _lookups.Count < MaxMaintenanceLookups) next = Math.Min(next, _registrations.NextDue);
        foreach (var withdrawal in _withdrawals.Span) next = Math.Min(next, withdrawal.DueAt);
        return next;
    }

    private void TickMaintenance()
    {
        if (_seedAt <= _now) Seed();
        if (_joinAt <= _now) AskJoining();
        if (_neighboursAt <= _now) LookUpNeighbours();
        TickWithdrawals();
        if (_maintenanceAt <= _now)
        {
            _maintenanceAt = _now + Jitter((long)_options.MaintenanceInterval.TotalMilliseconds);
            _values.Expire(_unixNow);
            if (_seedAt == Never && (_table.Count == 0 || _reseedAt <= _now)) Reseed();
            RefreshStale();
            CareForValues();
        }
        Pump();
    }

    /// <summary>
    /// Asks the member that this one enrolled with, or another that routing knows of, until one answers. That a message could be sent says
    /// nothing: the way back may not be there yet (dht.md D17). Nor does it end with the first contact, who may be as lost as this node: two
    /// that only know each other would never meet the others.
    /// </summary>
    private void Seed()
    {
        _seedAt = Never;
        if (_table.Count > 0 && _seedTries >= MaxSeedTries) return;
        Span<ulong> members = stackalloc ulong[MaxMembers];
        var count = _output.Members(members);
        var candidates = count + (_peer == 0 ? 0 : 1);
        if (candidates == 0) return;
        // Every second time the peer, in between one of the others.
        var other = count > 0 && (_peer == 0 || _seedTries % 2 == 1);
        var address = other ? members[_random.Next(count)] : _peer;
        if (address != _seedAddress || _seedCookie == 0) _seedCookie = NewCookie();
        _seedAddress = address;
        if (address != _own.Address) SendFind(address, _own.Id, _seedCookie, forValues: false);
        var wait = Math.Min((long)LeastSeedInterval << Math.Min(_seedTries, 16), MostSeedInterval);
        _seedTries++;
        _seedAt = _now + Jitter(wait);
    }

    // Asking one member in each round of refreshing joins again what a partition, or a bad start, has kept apart.
    private void Reseed()
    {
        _reseedAt = _now + Jitter((long)_options.Refresh.TotalMilliseconds);
        _seedTries = _table.Count == 0 ? 0 : MaxSeedTries - 1;
        Seed();
    }

    // In a layer that has grown by a quarter a quarter of the nodes near a key are others than those that keep its values.
    private void NoteGrowth(int members)
    {
        if (members <= _grown + (_grown / 4))
        {
            _grown = Math.Min(_grown, members);
            return;
        }
        _grown = members;
        foreach (var registration in _registrations.All)
        {
            _registrations.Schedule(registration, Math.Min(registration.DueAt, _now + JoinInterval + _random.NextInt64(GrowthSpread)));
        }
    }

    private void Join(IReadOnlyList<ulong> addresses)
    {
        foreach (var address in addresses)
        {
            if (!IsAddress(address) || address == _own.Address || _joining.Contains(address)) continue;
            if (_joining.Count < MaxJoining) _joining.Add(address);
            else _joining[_random.Next(MaxJoining)] = address;
        }
        _joinTries = 0;
        AskJoining();
        if (_table.Count == 0)
        {
            _seedTries = 0;
            Seed();
        }
    }

    /// <summary>Asks some of them; again for a while, since the way back may be found later than the way there, until one has answered.</summary>
    private void AskJoining()
    {
        _joinAt = Never;
        if (_joining.Count == 0) return;
        for (var n = Math.Min(JoinProbes, _joining.Count); n > 0; n--) ProbeContact(new DhtContact(default, _joining[_random.Next(_joining.Count)]));
        if (++_joinTries < MaxJoinTries) _joinAt = _now + Jitter((long)JoinInterval << _joinTries);
        else _joining.Clear();
    }

    private void OnJoined(ulong address)
    {
        if (!_joining.Contains(address)) return;
        _joining.Clear();
        _joinAt = Never;
        // When some of them have answered: who else is near, and to whom the names that are registered here belong now.
        _neighboursInterval = FirstNeighboursInterval;
        _neighboursAt = Math.Min(_neighboursAt, _now + Jitter(JoinInterval));
        foreach (var registration in _registrations.All)
        {
            registration.Interval = (long)_options.LeastRepublishInterval.TotalMilliseconds;
            _registrations.Schedule(registration, Math.Min(registration.DueAt, _now + Jitter(2 * JoinInterval)));
        }
    }

    private bool TryAnswerSeed(in DhtMessage message)
    {
        if (_seedAt == Never || message.Code != DhtCode.FindNodeAnswer || message.Cookie != _seedCookie
            || message.Source.Address != _seedAddress || message.Key != _own.Id)
        {
            return false;
        }
        _reseedAt = _now + Jitter((long)_options.Refresh.TotalMilliseconds);
        Meet(message.Source, message.IsMarked);
        // What the seed said need not be asked for again: the first look-up begins with it.
        var lookup = BeginLookup(_own.Id, LookupPurpose.Neighbours, null);
        var place = lookup.Order.Length > 0 ? lookup.Order[0] : -1;
        if (place >= 0) lookup.Progress(place).State = CandidateState.Answered;
        foreach (ref readonly var contact in message.Contacts)
        {
            if (!IsUsable(contact)) continue;
            lookup.Add(contact, 2);
            // A seed that knows nobody else may be waiting for its own.
            _seedAt = Never;
        }
        Advance(lookup);
        return true;
    }

    private void OnFirstContact()
    {
        IsSeeded = true;
        _neighboursInterval = FirstNeighboursInterval;
        _neighboursAt = _now + Jitter(FirstNeighboursInterval);
        _maintenanceAt = Math.Min(_maintenanceAt, _now + Jitter(FirstNeighboursInterval));
        // Whatever was published before did not reach anybody.
        foreach (var registration in _registrations.All)
        {
            if (registration.Holders.Length == 0) continue;
            registration.Interval = (long)_options.LeastRepublishInterval.TotalMilliseconds;
            _registrations.Schedule(registration, Math.Min(registration.DueAt, _now));
        }
    }

    // Often at first: a node that joins at the same time is not known to anybody yet. Then seldom.
    private void LookUpNeighbours()
    {
        _neighboursAt = _now + Jitter(_neighboursInterval);
        _neighboursInterval = Math.Min(_neighboursInterval * 2, (long)_options.Refresh.TotalMilliseconds);
        if (_table.Count == 0 || _lookups.Count >= MaxMaintenanceLookups) return;
        StartLookup(_own.Id, LookupPurpose.Neighbours, null);
    }

    private void RefreshStale()
    {
        if (_table.Count == 0) return;
        var share = (int)Math.Ceiling(RefreshesPerRound * _options.MaintenanceInterval / _options.Refresh);
        var before = Seconds - (int)_options.Refresh.TotalSeconds;
        while (share-- > 0 && _lookups.Count < MaxMaintenanceLookups && _table.TryPickStale(before, Seconds, _random, out var target))
        {
            StartLookup(target, LookupPurpose.Refresh, null);
        }
    }

    private void CareForValues()
    {
        var interval = (long)_options.RepublishInterval.TotalMilliseconds;
        List<StoredValue>? due = null;
        for (var value = _values.OldestUnconfirmed; value is not null; value = value.NewerUnconfirmed)
        {
            // Those that were never asked about, since too many were at the time.
            if (_probes.Count >= MaxProbes / 2) break;
            if (!value.IsAsked && value.StoredAt + interval > _now) (due ??= []).Add(value);
            if (due?.Count >= MaxProbes / 2) break;
        }
        due?.ForEach(AskOwner);
        due = null;
        StoredValue? next;
        for (var value = _values.Oldest; value is not null && _now - value.StoredAt > interval; value = next)
        {
            next = value.Newer;
            // The owner, or another that keeps it, would have stored it again by now. A quarter more, so that one of them is the first.
            if (_now - value.StoredAt <= interval + _random.NextInt64((interval / 4) + 1) || value.Expiry < _unixNow) continue;
            _values.Touch(value, _now);
            if (IsAmongNearest(value.Key)) (due ??= []).Add(value);
            if (due?.Count >= ReplicationsPerTick) break;
        }
        due?.ForEach(ReplicateOne);
    }

    private void ReplicateOne(StoredValue value)
    {
        if (_table.Count > 0 && _lookups.Count < MaxMaintenanceLookups) StartLookup(value.Key, LookupPurpose.Replicate, value);
    }

    private bool IsAmongNearest(in DhtKey key)
    {
        var nearest = Pool.ToSend.AsSpan(0, _options.K);
        var count = _table.Closest(key, nearest);
        return count < _options.K || key.IsNearer(_own.Id, nearest[count - 1].Id);
    }
}
