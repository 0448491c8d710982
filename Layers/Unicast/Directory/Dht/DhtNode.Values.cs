using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>Values: keeping those of others, publishing the own ones, taking them back.</summary>
public sealed partial class DhtNode
{
    /// <summary>Expiry of a store that withdraws a value; the reference refuses it harmlessly (dht.md section 13).</summary>
    public const uint WithdrawnExpiry = 1;

    /// <summary>Below this many contacts every one of them keeps every value: reference nodes ask any three (dht.md section 13).</summary>
    private const int SmallLayer = 32;

    private const int MaxWithdrawals = 1024;
    private const int WithdrawalTries = 3;
    private const int WithdrawalInterval = 1000;
    private const int EmptyInterval = 2000;

    private CompactList<Withdrawal> _withdrawals;

    private void OnStore(in DhtMessage message)
    {
        Counters.CountReceived(message.Code);
        Hear(message.Source);
        if (!IsAddress(message.Value)) Counters.CountDropped(DhtDrop.Value);
        // Nobody else knows better what is registered here.
        else if (message.Value == _own.Address) Counters.CountDropped(DhtDrop.OwnValue);
        else if (message.Expiry == WithdrawnExpiry) OnWithdraw(message);
        else if (DhtExpiry.Of(message.Expiry, _unixNow) < _unixNow) Counters.CountDropped(DhtDrop.Expired);
        else Keep(message);
    }

    private void Keep(in DhtMessage message)
    {
        var expiry = Math.Min(DhtExpiry.Of(message.Expiry, _unixNow), _unixNow + (long)_options.Expire.TotalSeconds);
        var value = _values.Find(message.Key, message.Value);
        if (value is null)
        {
            value = _values.Add(message.Key, message.Value, message.Source.Address, out var reason);
            if (value is null)
            {
                Counters.CountDropped(reason);
                return;
            }
        }
        _values.Renew(value, expiry, _now);
        if (!value.IsConfirmed) AskOwner(value);
    }

    private void OnWithdraw(in DhtMessage message)
    {
        var value = _values.Find(message.Key, message.Value);
        if (value is null) return;
        value.IsWithdrawn = true;
        AskOwner(value);
    }

    private int CopyValues(in DhtKey key, Span<ulong> into)
    {
        var count = 0;
        if (_registrations.Contains(key)) into[count++] = _own.Address;
        return count + _values.CopyTo(key, _unixNow, into[count..]);
    }

    private bool AddRegistration(in DhtKey key)
    {
        if (!_registrations.Contains(key) && _registrations.Count >= MaxRegistrations) return false;
        var registration = _registrations.Add(key);
        registration.Interval = (long)_options.LeastRepublishInterval.TotalMilliseconds;
        for (var i = _withdrawals.Count - 1; i >= 0; i--)
        {
            if (_withdrawals[i].Key == key) _withdrawals.RemoveAt(i);
        }
        _registrations.Schedule(registration, _now);
        if (_started) Pump();
        return true;
    }

    private bool RemoveRegistration(in DhtKey key)
    {
        if (!_registrations.Remove(key, out var registration)) return false;
        _cache.Forget(key);
        if (registration!.Holders.Length == 0 || _withdrawals.Count >= MaxWithdrawals) return true;
        var withdrawal = new Withdrawal(key, registration.Holders);
        _withdrawals.Add(withdrawal);
        SendWithdrawal(withdrawal);
        return true;
    }

    private void SendWithdrawal(Withdrawal withdrawal)
    {
        withdrawal.Tries++;
        withdrawal.DueAt = _now + WithdrawalInterval;
        foreach (var holder in withdrawal.Holders) SendStore(holder, withdrawal.Key, _own.Address, WithdrawnExpiry);
    }

    // A holder that asks for the value has heard of it, and now hears that it is not here.
    private void AcknowledgeWithdrawal(in DhtKey key, ulong address)
    {
        foreach (var withdrawal in _withdrawals.Span)
        {
            if (withdrawal.Key == key) withdrawal.Holders.Remove(address);
        }
    }

    private void TickWithdrawals()
    {
        for (var i = _withdrawals.Count - 1; i >= 0; i--)
        {
            var withdrawal = _withdrawals[i];
            if (withdrawal.DueAt > _now) continue;
            if (withdrawal.Tries >= WithdrawalTries || withdrawal.Holders.Count == 0) _withdrawals.RemoveAt(i);
            else SendWithdrawal(withdrawal);
        }
    }

    private void PublishDue()
    {
        if (_table.Count == 0) return;
        while (_lookups.Count < MaxMaintenanceLookups && _registrations.TryTake(_now, out var registration))
        {
            StartLookup(registration!.Key, LookupPurpose.Publish, registration);
        }
    }

    /// <summary>In a small layer everybody keeps every value, so a newcomer is to have ours, with whoever else comes at that time.</summary>
    private void PublishSoon(ulong newcomer)
    {
        foreach (var registration in _registrations.All)
        {
            if (registration.Holders.Contains(newcomer)) continue;
            _registrations.Schedule(registration, Math.Min(registration.DueAt, _now + Jitter(JoinInterval)));
        }
    }

    private void Publish(DhtLookup lookup)
    {
        var registration = (Registration)lookup.Subject!;
        if (!_registrations.IsHere(registration)) return;
        var holders = Holders(lookup);
        var expiry = DhtExpiry.ToSend(_unixNow + (long)_options.Lifetime.TotalSeconds);
        foreach (var holder in holders) SendStore(holder, registration.Key, _own.Address, expiry);
        Reschedule(registration, holders);
        registration.Holders = holders;
    }

    /// <summary>The k nearest that answered; in a small layer everybody.</summary>
    private ulong[] Holders(DhtLookup lookup)
    {
        var nearest = Pool.ToSend.AsSpan(0, _options.K);
        var count = lookup.CopyAnswered(nearest);
        Span<ulong> holders = stackalloc ulong[DhtOptions.MaxK + SmallLayer];
        for (var i = 0; i < count; i++) holders[i] = nearest[i].Address;
        if (_table.Count >= SmallLayer) return holders[..count].ToArray();
        var all = Pool.All;
        foreach (ref readonly var contact in all.AsSpan(0, _table.CopyTo(all)))
        {
            if (!holders[..count].Contains(contact.Address)) holders[count++] = contact.Address;
        }
        return holders[..count].ToArray();
    }

    /// <summary>
    /// The next publication comes sooner while the nodes near the key come and go, and later, up to t_replicate, while they stay. A tenth of it is
    /// random, so that nodes that began together do not go on together.
    /// </summary>
    private void Reschedule(Registration registration, ulong[] holders)
    {
        var least = (long)_options.LeastRepublishInterval.TotalMilliseconds;
        var most = (long)_options.RepublishInterval.TotalMilliseconds;
        var known = 0;
        foreach (var holder in holders)
        {
            if (registration.Holders.Contains(holder)) known++;
        }
        var changed = holders.Length - known;
        var interval = registration.Interval;
        if (holders.Length == 0)
        {
            // Nobody had it; those who are asked next may answer.
            _registrations.Schedule(registration, _now + Jitter(EmptyInterval));
            return;
        }
        registration.Interval = Math.Clamp(changed * 4 > holders.Length ? interval / 2 : interval * 2, least, most);
        _registrations.Schedule(registration, _now + Jitter(interval));
    }

    private long Jitter(long interval) => interval - _random.NextInt64((interval / 10) + 1);

    private void Replicate(DhtLookup lookup)
    {
        var value = (StoredValue)lookup.Subject!;
        if (value.IsGone || value.Expiry < _unixNow) return;
        foreach (var holder in Holders(lookup))
        {
            if (holder != value.Address) SendStore(holder, value.Key, value.Address, DhtExpiry.ToSend(value.Expiry));
        }
    }
}
