using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>
/// Questions to a single node. Somebody who sent a request is believed to be there when he answers one; a value is believed to be its owner's
/// when the node at that address says that it registered the name. Both bounded in number and in rate, since anybody can cause them.
/// </summary>
public sealed partial class DhtNode
{
    private const int MaxProbes = 64;

    private TokenBucket _contactBudget = new(perSecond: 20, burst: 64);
    private TokenBucket _ownerBudget = new(perSecond: 50, burst: 128);

    private void ProbeContact(in DhtContact contact)
    {
        foreach (ref readonly var probe in _probes.Span)
        {
            if (probe.Value is null && probe.Contact.Address == contact.Address) return;
        }
        if (!_output.CanReach(contact.Address)) return;
        if (_probes.Count >= MaxProbes || !_contactBudget.TryTake(_now))
        {
            Counters.CountDropped(DhtDrop.ProbeLimit);
            return;
        }
        BeginProbe(new Probe { Contact = contact });
    }

    /// <summary>Asks the node at the address that is the value whether it registered the name. An unanswered question leaves things as they are.</summary>
    private void AskOwner(StoredValue value)
    {
        if (value.IsAsked || value.IsGone) return;
        if (_probes.Count >= MaxProbes || !_ownerBudget.TryTake(_now))
        {
            Counters.CountDropped(DhtDrop.ProbeLimit);
            return;
        }
        value.IsAsked = true;
        BeginProbe(new Probe { Contact = new DhtContact(default, value.Address), Value = value });
    }

    private void BeginProbe(Probe probe)
    {
        _isSooner = true;
        probe.Cookie = NewCookie();
        probe.AskedAt = _now;
        SendProbe(ref probe);
        _probes.Add(probe);
    }

    // A message that cannot be sent is as good as one that is lost: it is tried again.
    private void SendProbe(ref Probe probe)
    {
        probe.Repeated = (int)(_now - probe.AskedAt);
        probe.Tries++;
        probe.Due = _now + _roundTrip.Timeout(probe.Tries);
        SendFind(probe.Contact.Address, probe.Key(_own.Id), CookieOf(probe.Cookie, probe.Tries), forValues: probe.Value is not null);
    }

    private void TickProbes()
    {
        for (var i = _probes.Count - 1; i >= 0; i--)
        {
            ref var probe = ref _probes[i];
            if (probe.Due > _now) continue;
            Counters.Timeouts++;
            if (probe.Tries < MaxTries)
            {
                SendProbe(ref probe);
                continue;
            }
            var ended = probe;
            _probes.RemoveAt(i);
            // Of a member that routing named there is no id, and nothing to be missed.
            if (ended.Value is null && ended.Contact.Id.Length == 0) continue;
            if (ended.Value is null) _table.Miss(ended.Contact, out _);
            else OnOwnerSilent(ended.Value);
        }
    }

    private bool TryAnswerProbe(in DhtMessage message)
    {
        for (var i = 0; i < _probes.Count; i++)
        {
            ref var asked = ref _probes[i];
            var forValues = asked.Value is not null;
            if (unchecked(message.Cookie - asked.Cookie) >= (ulong)asked.Tries || asked.Contact.Address != message.Source.Address
                || forValues != (message.Code == DhtCode.FindValueAnswer) || asked.Key(_own.Id) != message.Key)
            {
                continue;
            }
            var probe = asked;
            _probes.RemoveAt(i);
            _roundTrip.Measure(_now, unchecked(message.Cookie - probe.Cookie), probe.Tries, probe.AskedAt, probe.AskedAt + probe.Repeated);
            Meet(message.Source, message.IsMarked);
            if (probe.Value is not null) OnOwnerAnswer(probe.Value, message.Values);
            else if (probe.Contact.Id.Length == 0) OnJoined(message.Source.Address);
            return true;
        }
        return false;
    }

    private void OnOwnerAnswer(StoredValue value, ReadOnlySpan<ulong> values)
    {
        value.IsAsked = false;
        if (values.Contains(value.Address))
        {
            Counters.Confirmed++;
            _values.Confirm(value);
            return;
        }
        if (value.IsWithdrawn || value.IsConfirmed) Counters.Withdrawn++;
        else Counters.CountDropped(DhtDrop.Denied);
        _values.Remove(value);
        _cache.Forget(value.Key);
    }

    private void OnOwnerSilent(StoredValue value)
    {
        value.IsAsked = false;
        // Somebody said that it was withdrawn, and whose it is does not contradict.
        if (!value.IsWithdrawn) return;
        Counters.Withdrawn++;
        _values.Remove(value);
        _cache.Forget(value.Key);
    }
}
