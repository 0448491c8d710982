using Ouroboros.Samples.Oping.Wire;

namespace Ouroboros.Samples.Oping;

/// <summary>
/// The client's side of a ping run without flow or clock: makes requests, judges what comes back, keeps the figures. One thread may make
/// requests while another hands in replies.
/// </summary>
public sealed class PingExchange
{
    private readonly SentTable _sent;
    private readonly long _frequency;
    private long _next;
    private uint _expected;

    /// <param name="count">Requests that will be made at most.</param>
    /// <param name="frequency">Clock ticks in a second.</param>
    public PingExchange(int count, long frequency)
    {
        _sent = new SentTable(count);
        _frequency = frequency;
    }

    /// <summary>The figures so far.</summary>
    public PingStatistics Statistics { get; } = new();

    /// <summary>Fills <paramref name="packet"/> with the next request.</summary>
    /// <param name="packet">At least <see cref="OpingMessage.HeadLength"/> bytes; all of it is written.</param>
    /// <param name="now">The clock, in ticks.</param>
    /// <returns>Sequence number.</returns>
    public uint NextRequest(Span<byte> packet, long now)
    {
        var id = (uint)_next++;
        var nanoseconds = (long)((Int128)(now % _frequency) * 1_000_000_000 / _frequency);
        new OpingMessage(OpingMessageType.Request, id, now / _frequency, nanoseconds).Write(packet);
        _sent.Note(id, now);
        return id;
    }

    /// <summary>Judges and counts a packet that arrived. The round trip comes from our own note of the request, not from the network.</summary>
    /// <param name="packet">All of it.</param>
    /// <param name="now">The clock, in ticks.</param>
    public PingReply OnPacket(ReadOnlySpan<byte> packet, long now)
    {
        if (!OpingMessage.TryParse(packet, out var message) || message.Type != OpingMessageType.Reply)
        {
            return new PingReply(ReplyKind.InvalidMessage, 0, packet.Length, default, false);
        }
        var kind = _sent.Take(message.Id, out var sentAt);
        if (kind != ReplyKind.Reply) return new PingReply(kind, message.Id, packet.Length, default, false);
        var roundTrip = TicksToTime(now - sentAt);
        var late = message.Id < _expected;
        if (!late) _expected = message.Id + 1;
        Statistics.Add(roundTrip, late);
        return new PingReply(kind, message.Id, packet.Length, roundTrip, late);
    }

    private TimeSpan TicksToTime(long ticks) => new((long)((Int128)ticks * TimeSpan.TicksPerSecond / _frequency));
}
