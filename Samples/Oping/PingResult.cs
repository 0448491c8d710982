namespace Ouroboros.Samples.Oping;

/// <summary>How a ping run ended.</summary>
/// <param name="Statistics">The figures.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="TimedOut">Whether it ended because the server was silent.</param>
/// <param name="Failed">Whether a read or write failed.</param>
public sealed record PingResult(PingStatistics Statistics, TimeSpan Elapsed, bool TimedOut, bool Failed)
{
    /// <summary>Whether every packet that was sent came back.</summary>
    public bool AllBack => !TimedOut && !Failed && Statistics.Received == Statistics.Sent;

    /// <summary>0 when every packet came back, else 1: a script must notice. The reference ends with 0 whatever was lost.</summary>
    public int ExitCode => AllBack ? 0 : 1;
}
