namespace Ouroboros.Samples.Oping;

/// <summary>An arrived packet, judged.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Sequence number, if it is a reply.</param>
/// <param name="Length">Bytes of the packet.</param>
/// <param name="RoundTrip">Time since its request.</param>
/// <param name="OutOfOrder">Whether a later one was answered before.</param>
public readonly record struct PingReply(ReplyKind Kind, uint Id, int Length, TimeSpan RoundTrip, bool OutOfOrder);
