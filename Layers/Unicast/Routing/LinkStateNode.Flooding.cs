using Ouroboros.Layers.Unicast.Routing.Flooding;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <content>Messages of neighbours: what is believed, what is passed on, and how fast.</content>
public sealed partial class LinkStateNode
{
    // What one who has never heard of a link believes, and how far numbers go up at once; both far beyond what members do by themselves.
    internal const ulong MaxFirstSequence = 1UL << 32;
    internal const ulong MaxJump = 1UL << 16;

    // Nothing is ever repeated, so neighbours are given no more than they can surely take: a reference node's queue holds 1024 packets.
    private const int Burst = 64;
    private const long Pause = 5;
    private const long BlockedPause = 20;

    // A reference node that accepted the flow stops when it gets a keep-alive, which is due after 30 s (layer-management.md section 6).
    private const long LongestSilence = 20_000;
    private const long EvictionInterval = 1000;

    private readonly SortedDictionary<int, ManagementFlow> _flows = [];
    private long _sendAt = Never;
    private long _idleAt = Never;
    private long _againAt = Never;
    private long _evictAt;

    /// <summary>Neighbours with a management flow, and whether it is up.</summary>
    public IEnumerable<(ulong Peer, bool IsUp)> Management => _flows.Values.Select(f => (f.Peer, f.IsUp));

    /// <summary>Messages that wait to be sent, on all flows.</summary>
    public int Backlog => _flows.Values.Sum(f => f.Length);

    /// <summary>A management flow to a neighbour is there: it is given all that is known.</summary>
    /// <returns>false when the flow is known already.</returns>
    public bool AddManagement(int flow, ulong peer, long now)
    {
        if (!_flows.TryAdd(flow, new ManagementFlow(flow, peer) { LastSent = now })) return false;
        Replicate(_flows[flow], now);
        _idleAt = Math.Min(_idleAt, now + LongestSilence);
        Finish(now);
        return true;
    }

    /// <summary>The flow is gone.</summary>
    public void RemoveManagement(int flow) => _flows.Remove(flow);

    /// <summary>The flow is down, or up again: then the neighbour is given all that is known.</summary>
    public void SetManagementUp(int flow, bool up, long now)
    {
        if (!_flows.TryGetValue(flow, out var management) || management.IsUp == up) return;
        management.IsUp = up;
        management.Clear();
        management.AgainAt = Never;
        if (up) Replicate(management, now);
        Finish(now);
    }

    /// <summary>Gives a neighbour all that is known, and once more a moment later: of a link that comes up the other end may not have heard yet.</summary>
    private void Replicate(ManagementFlow flow, long now)
    {
        flow.Replicate(WorthTelling(now));
        flow.AgainAt = now + Again;
        _againAt = Math.Min(_againAt, flow.AgainAt);
    }

    private void ReplicateAgain(long now)
    {
        _againAt = Never;
        foreach (var flow in _flows.Values)
        {
            // What is still on its way need not be begun again.
            if (flow.AgainAt <= now) flow.AgainAt = flow.HasWork ? now + Again : Never;
            else if (flow.AgainAt == Never) continue;
            if (flow.AgainAt == Never) flow.Replicate(WorthTelling(now));
            _againAt = Math.Min(_againAt, flow.AgainAt);
        }
    }

    /// <summary>Takes over what another core knew, this member's own links apart, of which the numbers are kept.</summary>
    public void Restore(IEnumerable<LinkRecord> links, long now)
    {
        ArgumentNullException.ThrowIfNull(links);
        foreach (var (lsa, age) in links.OrderByDescending(l => l.Age))
        {
            if (age > _timeout || _database.TryFind(lsa.Link, out _)) continue;
            if (lsa.Link.Source != _self)
            {
                _database.Add(lsa, own: false, now - age);
                continue;
            }
            var own = OwnLinkTo(lsa.Link.Destination);
            own.Last = lsa.Sequence;
            own.ForgetAt = now + _timeout + _update;
            // Announced when its flow is added again, which is before any time passes; else taken back.
            if (own.Usable == 0) (own.IsDue, own.NotBefore, _dueAt) = (true, now, Math.Min(_dueAt, now + 1));
        }
        Finish(now);
    }

    /// <summary>A message of a neighbour.</summary>
    public void Receive(int flow, ReadOnlySpan<byte> message, long now)
    {
        // A keep-alive of ours to reference nodes has one byte, theirs none.
        if (message.Length <= 1) return;
        Counters.Received++;
        if (!_flows.TryGetValue(flow, out var from)) Counters.Count(LinkStateDrop.UnknownFlow);
        else if (!Lsa.TryParse(message, out var lsa)) Counters.Count(LinkStateDrop.Malformed);
        else if (Check(lsa) is { } reason) Counters.Count(reason);
        else if (lsa.Link.Source == _self) HearOfOwn(lsa, now);
        else if (_database.TryFind(lsa.Link, out var slot)) Hear(lsa, slot, from, now);
        else HearOfNew(lsa, from, now);
        Finish(now);
    }

    // What was not announced again twice is dying: the neighbour would take it for fresh and keep it all its time once more.
    private int[] WorthTelling(long now) => _database.InOrder(now - (_timeout * 2 / 3));

    private static LinkStateDrop? Check(in Lsa lsa)
    {
        var (source, destination) = lsa.Link;
        if (source == 0 || destination == 0 || source == destination) return LinkStateDrop.Address;
        return lsa.Sequence > MaxSequence ? LinkStateDrop.Sequence : null;
    }

    private void Hear(in Lsa lsa, int slot, ManagementFlow from, long now)
    {
        var known = _database[slot].Sequence;
        if (lsa.Sequence <= known)
        {
            Counters.Old++;
            return;
        }
        if (lsa.Sequence - known > MaxJump)
        {
            Counters.Count(LinkStateDrop.Jump);
            return;
        }
        Counters.News++;
        _database.Refresh(slot, lsa.Sequence, lsa.Withdrawn, now);
        Flood(slot, from);
    }

    private void HearOfNew(in Lsa lsa, ManagementFlow from, long now)
    {
        if (lsa.Sequence > MaxFirstSequence)
        {
            Counters.Count(LinkStateDrop.Jump);
            return;
        }
        if (_database.CountOf(lsa.Link.Source) >= _config.MaxLinksPerMember)
        {
            Counters.Count(LinkStateDrop.MemberFull);
            return;
        }
        if (_database.Count >= _config.MaxLinks && !Evict(now))
        {
            Counters.Count(LinkStateDrop.DatabaseFull);
            return;
        }
        Counters.News++;
        Flood(_database.Add(lsa, own: false, now), from);
    }

    /// <summary>Makes room by removing entries of members that nobody reaches, which is what invented ones are; at most once a second.</summary>
    private bool Evict(long now)
    {
        if (now < _evictAt) return false;
        _evictAt = now + EvictionInterval;
        // What came last may only not be reached yet.
        Calculate(now);
        var left = Math.Max(_config.MaxLinks / 16, 1);
        for (var slot = _database.Oldest; slot >= 0 && left > 0;)
        {
            var next = _database.NewerThan(slot);
            if (!_calculator.CanReach(_database[slot].Source))
            {
                _database.Remove(slot);
                Counters.Evicted++;
                left--;
            }
            slot = next;
        }
        return _database.Count < _config.MaxLinks;
    }

    private void Flood(int slot, ManagementFlow? except)
    {
        foreach (var flow in _flows.Values)
        {
            if (flow != except && flow.IsUp) flow.Enqueue(slot);
        }
    }

    private void Send(long now)
    {
        _sendAt = Never;
        foreach (var flow in _flows.Values)
        {
            if (flow.IsUp && flow.HasWork) Send(flow, now);
        }
    }

    private void Send(ManagementFlow flow, long now)
    {
        if (now >= flow.ResumeAt) (flow.Budget, flow.ResumeAt) = (Burst, now + Pause);
        Span<byte> message = stackalloc byte[Lsa.AnnouncementSize];
        while (flow.HasWork && flow.Budget > 0)
        {
            ref readonly var entry = ref _database[flow.Peek()];
            if (entry.Used && entry.Lsa.CanBeWritten)
            {
                if (!_output.Send(flow.Id, message[..entry.Lsa.Write(message)]))
                {
                    Counters.Blocked++;
                    (flow.Budget, flow.ResumeAt) = (0, now + BlockedPause);
                    break;
                }
                flow.Budget--;
                flow.LastSent = now;
                Counters.Sent++;
            }
            flow.Advance();
        }
        if (flow.HasWork) _sendAt = Math.Min(_sendAt, flow.ResumeAt);
    }

    /// <summary>Says something on flows on which nothing was said for long: something known, else a byte that nobody minds.</summary>
    private void KeepBusy(long now)
    {
        _idleAt = Never;
        foreach (var flow in _flows.Values)
        {
            if (flow.IsUp && !flow.HasWork && now - flow.LastSent >= LongestSilence)
            {
                var known = _own.Values.FirstOrDefault(o => o.Slot >= 0 && o.Usable > 0)?.Slot ?? _database.Oldest;
                if (known >= 0) flow.Enqueue(known);
                else _output.Send(flow.Id, [0]);
                flow.LastSent = now;
            }
            _idleAt = Math.Min(_idleAt, Math.Max(flow.LastSent + LongestSilence, now + 1000));
        }
    }
}
