using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <content>
/// A reference neighbour to whom a link comes again goes on sending by the flow of the former one: it calculates its table when it hears of a link that it has
/// never heard of, and this one it has (routing-and-broadcast.md A4.1, A10 R3). So it is told of one: to an address that nobody has, which is
/// therefore used for nothing, and which it forgets in time. For the same reason it goes on sending to a member whose links it has forgotten (R2), also where
/// there is another way by now: when links have aged out here, every neighbour of the reference is told of such a link once more.
/// </content>
public sealed partial class LinkStateNode
{
    // It has to have taken the new flow for its own first.
    private const long RouseAfter = 1000;
    private const int MostRousings = 10;

    private readonly Dictionary<ulong, Rousing> _rousings = [];
    private readonly HashSet<ulong> _references = [];
    private long _rouseAt = Never;
    private long _agedAt = Never;
    private long _agedLast;

    /// <summary>A neighbour of the reference has a new flow of data transfer to this member: a moment later it is made to use it.</summary>
    public void Rouse(ulong peer, long now)
    {
        if (_rousings.Count >= _config.MaxLinksPerMember && !_rousings.ContainsKey(peer))
        {
            // Those that wait do so for ten seconds at most.
            Counters.Count(LinkStateDrop.ReferencesFull);
            return;
        }
        Remember(peer);
        _rousings[peer] = new Rousing(now + RouseAfter, MostRousings);
        _rouseAt = Math.Min(_rouseAt, now + RouseAfter);
        Finish(now);
    }

    /// <summary>Keeps account of a neighbour of the reference. When there is no room, those without a management flow, who cannot be told anything, make it.</summary>
    private void Remember(ulong peer)
    {
        if (_references.Count >= _config.MaxLinksPerMember && !_references.Contains(peer))
        {
            var managed = _flows.Values.Select(f => f.Peer).ToHashSet();
            _references.RemoveWhere(p => !managed.Contains(p) && !_rousings.ContainsKey(p));
            if (_references.Count >= _config.MaxLinksPerMember)
            {
                // It is roused this time, and not when links have aged out.
                Counters.Count(LinkStateDrop.ReferencesFull);
                return;
            }
        }
        _references.Add(peer);
    }

    private void RouseAll(long now)
    {
        _rouseAt = Never;
        foreach (var (peer, rousing) in _rousings.ToList())
        {
            if (rousing.At > now)
            {
                _rouseAt = Math.Min(_rouseAt, rousing.At);
            }
            else if (TryRouse(peer) || rousing.Left == 1)
            {
                _rousings.Remove(peer);
            }
            else
            {
                // Its management flow may come up after that of data transfer.
                _rousings[peer] = new Rousing(now + RouseAfter, rousing.Left - 1);
                _rouseAt = Math.Min(_rouseAt, now + RouseAfter);
            }
        }
    }

    /// <summary>Forgets a link that is too old. Reference members do so with their next update, as they heard of it no later, and are roused then.</summary>
    private void Forget(int slot, long now)
    {
        _database.Remove(slot);
        if (_references.Count == 0) return;
        _agedLast = now + _update + RouseAfter;
        _agedAt = Math.Min(_agedAt, _agedLast);
    }

    private void RouseReferences(long now)
    {
        _agedAt = _agedLast > now ? _agedLast : Never;
        _references.RemoveWhere(peer => !TryRouse(peer) && _flows.Values.All(f => f.Peer != peer));
    }

    private bool TryRouse(ulong peer)
    {
        Span<byte> message = stackalloc byte[Lsa.AnnouncementSize];
        foreach (var flow in _flows.Values)
        {
            if (flow.Peer != peer || !flow.IsUp) continue;
            ulong nobody;
            do nobody = (ulong)_random.NextInt64(1, uint.MaxValue);
            while (nobody == _self || _database.Graph.TryFind(nobody, out _));
            var length = new Lsa(_self, nobody, 0).Write(message);
            if (!_output.Send(flow.Id, message[..length])) continue;
            Counters.Sent++;
            return true;
        }
        return false;
    }

    private readonly record struct Rousing(long At, int Left);
}
