using Ouroboros.Layers.Unicast.Routing.Flooding;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <content>This member's own links: announced when they come, again in time, withdrawn when they go, and defended against others.</content>
public sealed partial class LinkStateNode
{
    /// <summary>The highest sequence number that is believed; one that is announced each second gets there in nine million years.</summary>
    internal const ulong MaxSequence = 1UL << 48;

    // A link that comes and goes is announced no more often than this, so that it does not keep the whole layer busy.
    private const long LeastInterval = 200;

    // What has changed is said once more after this.
    private const long Again = 1000;
    private const int MostDoublings = 6;

    private readonly Dictionary<int, (ulong Peer, bool IsUp)> _adjacencies = [];
    private readonly SortedDictionary<ulong, OwnLink> _own = [];
    private long _updateAt;
    private long _dueAt = Never;

    /// <summary>Neighbours with a flow of data transfer, and whether one of the flows is up.</summary>
    public IEnumerable<(ulong Peer, bool IsUp)> Neighbours => _own.Values.Where(o => o.Flows > 0).Select(o => (o.Peer, o.Usable > 0));

    /// <summary>A flow of data transfer to a neighbour is there. One without an address, or to this member itself, is no link.</summary>
    /// <returns>false when it is no link, or known already.</returns>
    public bool AddLink(int flow, ulong peer, long now)
    {
        if (peer == 0 || peer == _self || !_adjacencies.TryAdd(flow, (peer, true))) return false;
        var own = OwnLinkTo(peer);
        own.Flows++;
        if (++own.Usable == 1) SayChange(own, now);
        Finish(now);
        return true;
    }

    /// <summary>The flow is gone.</summary>
    public void RemoveLink(int flow, long now)
    {
        if (!_adjacencies.Remove(flow, out var adjacency)) return;
        var own = _own[adjacency.Peer];
        own.Flows--;
        if (adjacency.IsUp) LoseOne(own, now);
        Finish(now, urgent: true);
    }

    /// <summary>The flow is down, or up again.</summary>
    public void SetLinkUp(int flow, bool up, long now)
    {
        if (!_adjacencies.TryGetValue(flow, out var adjacency) || adjacency.IsUp == up) return;
        _adjacencies[flow] = adjacency with { IsUp = up };
        var own = _own[adjacency.Peer];
        if (!up) LoseOne(own, now);
        else if (++own.Usable == 1) SayChange(own, now);
        Finish(now, urgent: !up);
    }

    private OwnLink OwnLinkTo(ulong peer)
    {
        if (!_own.TryGetValue(peer, out var own)) _own.Add(peer, own = new OwnLink(peer));
        return own;
    }

    private void LoseOne(OwnLink own, long now)
    {
        if (--own.Usable != 0) return;
        Say(own, now);
        SayAgain(own, now);
    }

    private void SayChange(OwnLink own, long now)
    {
        SayWhenAllowed(own, now);
        SayAgain(own, now);
    }

    // Nothing is acknowledged, and what changes links loses messages: those who did not hear of it would go on as before for a whole update interval.
    private void SayAgain(OwnLink own, long now)
    {
        own.AgainAt = now + Again;
        _dueAt = Math.Min(_dueAt, own.AgainAt);
    }

    private void SayWhenAllowed(OwnLink own, long now)
    {
        own.IsDue = true;
        if (now >= own.NotBefore) Say(own, now);
        else _dueAt = Math.Min(_dueAt, own.NotBefore);
    }

    private void SayWhatIsDue(long now)
    {
        _dueAt = Never;
        foreach (var own in _own.Values)
        {
            if (own.AgainAt <= now)
            {
                own.AgainAt = Never;
                if (own.NotBefore <= now) own.IsDue = true;
            }
            if (own.IsDue) SayWhenAllowed(own, now);
            _dueAt = Math.Min(_dueAt, own.AgainAt);
        }
    }

    /// <summary>Announces the link, or says that it is gone, above every number that was used for it before.</summary>
    private void Say(OwnLink own, long now)
    {
        var withdrawn = own.Usable == 0;
        own.IsDue = false;
        own.NotBefore = now + (LeastInterval << own.Fights);
        if (withdrawn) own.ForgetAt = now + _timeout + _update;
        // A link that was never announced need not be withdrawn.
        if (withdrawn && own.Last is null) return;
        if (own.Last >= MaxSequence)
        {
            StartOver(own, now);
            return;
        }
        own.Last = own.Last + 1 ?? 0;
        if (own.Slot < 0) own.Slot = _database.Add(new Lsa(new LinkKey(_self, own.Peer), own.Last.Value, withdrawn), own: true, now);
        else _database.Refresh(own.Slot, own.Last.Value, withdrawn, now);
        Flood(own.Slot, except: null);
    }

    /// <summary>There is no number left: the link is begun again from 0 when everybody has forgotten it.</summary>
    private void StartOver(OwnLink own, long now)
    {
        if (own.Slot >= 0) _database.Remove(own.Slot);
        (own.Slot, own.Last) = (-1, null);
        own.NotBefore = now + (2 * _timeout);
        own.IsDue = own.Usable > 0;
        if (own.IsDue) _dueAt = Math.Min(_dueAt, own.NotBefore);
    }

    private void ScheduleUpdate(long now) => _updateAt = now + _update - _random.NextInt64((_update / 10) + 1);

    /// <summary>Announces every own link again. Of one that is gone, says so again until nobody can have it any more.</summary>
    private void Update(long now)
    {
        ScheduleUpdate(now);
        foreach (var own in _own.Values.ToList())
        {
            if (own.Usable > 0)
            {
                if (!own.IsDue) Say(own, now);
            }
            else if (own.Last is null || now >= own.ForgetAt)
            {
                if (own.Slot >= 0) Forget(own.Slot, now);
                (own.Slot, own.Last, own.IsDue) = (-1, null, false);
                if (own.Flows == 0) _own.Remove(own.Peer);
            }
            else
            {
                var forgetAt = own.ForgetAt;
                Say(own, now);
                own.ForgetAt = forgetAt;
            }
        }
    }

    /// <summary>Somebody speaks for this member: an echo, what it said before it was restarted, or a lie.</summary>
    private void HearOfOwn(in Lsa lsa, long now)
    {
        if (!_own.TryGetValue(lsa.Link.Destination, out var own))
        {
            if (_own.Count >= _config.MaxLinksPerMember)
            {
                Counters.Count(LinkStateDrop.OwnFull);
                return;
            }
            own = OwnLinkTo(lsa.Link.Destination);
        }
        var isEcho = lsa.Sequence == own.Last && own.Slot >= 0 && lsa.Withdrawn == _database[own.Slot].Withdrawn;
        if (isEcho || lsa.Sequence < own.Last)
        {
            Counters.Old++;
            return;
        }
        if (own.LastFight + _update < now) own.Fights = 0;
        else if (own.Fights < MostDoublings) own.Fights++;
        own.LastFight = now;
        own.Last = lsa.Sequence;
        if (own.Usable == 0) own.ForgetAt = now + _timeout + _update;
        Counters.FoughtBack++;
        SayWhenAllowed(own, now);
    }
}
