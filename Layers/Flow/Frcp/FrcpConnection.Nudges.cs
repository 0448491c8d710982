namespace Ouroboros.Layers.Flow.Frcp;

/// <content>
/// Empty packets that wake a reference. It reads one packet of its ring for each that arrives; after a loss some stay behind (D5, D9), and from then on whatever
/// we send - data, acknowledgements, rendezvous - waits behind as many, for seconds or for good. An empty packet means nothing to it, yet makes it read one more.
/// Peers that have offered something need none.
/// </content>
internal sealed partial class FrcpConnection
{
    private const int LeastNudges = 4;

    // One after another while nothing is acknowledged: 8 were enough mostly, 64 at most (seen live). No more than that, as they would fill the ring (1024) of a
    // peer that does not read at all, for which its whole IPCP would stop.
    private static readonly int[] NudgesInARow = [LeastNudges, 16, 64, 128];

    private int _nudges;
    private int _nudged;
    private long _nudgeAt = Never;

    // A peer that has said nothing yet may not be there at all, and is not flooded.
    private bool NudgesHelp => _parameters.Reliable && !_peerOffered && (_receiving || _progressAt != 0);

    // Not the retransmission time-out: what waits in the peer's ring makes its round trips long.
    private long NudgeAfter =>
        _rtt.Samples == 0 ? Rto : Math.Max(_parameters.MinRto, (2 * _rtt.Least) + _parameters.AckDelay + AckSlack);

    /// <summary>Something has been acknowledged, or sent when nothing was under way.</summary>
    private void ArmNudge(long now)
    {
        _nudged = 0;
        _nudgeAt = NudgesHelp && Outstanding > 0 ? now + NudgeAfter : Never;
    }

    private void OnNudge(long now)
    {
        _nudgeAt = Never;
        if (Outstanding == 0 || !NudgesHelp || _nudged == NudgesInARow.Length) return;
        Nudge(NudgesInARow[_nudged++]);
        _nudgeAt = now + (NudgeAfter << _nudged);
    }

    private void Nudge(int count)
    {
        if (NudgesHelp) _nudges = Math.Max(_nudges, count);
    }

    /// <summary>Sends those that are due, behind everything else. What finds no room is left out.</summary>
    private void SendNudges()
    {
        for (; _nudges > 0 && !_blocked; _nudges--)
        {
            if (!_pool.TryRent(0, out var packet)) break;
            if (!_output.Transmit(packet))
            {
                packet.Dispose();
                break;
            }
            Counters.Nudges++;
        }
        _nudges = 0;
    }
}
