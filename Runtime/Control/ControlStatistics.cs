namespace Ouroboros.Runtime.Control;

/// <summary>What has happened on the daemon's socket since it started.</summary>
/// <param name="Connections">Open now.</param>
/// <param name="Accepted">Connections accepted.</param>
/// <param name="Requests">Well-formed requests.</param>
/// <param name="Failed">Requests that were answered with an error.</param>
/// <param name="Malformed">Records that are no request; their connections were closed.</param>
/// <param name="TimedOut">Connections closed because the client neither sent nor read.</param>
/// <param name="Refused">Connections closed because there were too many.</param>
/// <param name="Abandoned">Requests whose client went away before the answer.</param>
public sealed record ControlStatistics(
    int Connections, long Accepted, long Requests, long Failed, long Malformed, long TimedOut, long Refused, long Abandoned);
