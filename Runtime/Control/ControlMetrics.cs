using System.Diagnostics.Metrics;

namespace Ouroboros.Runtime.Control;

/// <summary>Counters of the daemon's socket: as instruments for whoever listens, and as numbers for <see cref="ControlStatistics"/>.</summary>
internal sealed class ControlMetrics : IDisposable
{
    private readonly Meter _meter = new("Ouroboros.Control");

    public ControlMetrics()
    {
        Accepted = Make("accepted", "Connections accepted");
        Requests = Make("requests", "Well-formed requests");
        Failed = Make("failed", "Requests answered with an error");
        Malformed = Make("malformed", "Records that are no request");
        TimedOut = Make("timed_out", "Connections closed because the client neither sent nor read");
        Refused = Make("refused", "Connections closed because there were too many");
        Abandoned = Make("abandoned", "Requests whose client went away before the answer");
    }

    public Count Accepted { get; }

    public Count Requests { get; }

    public Count Failed { get; }

    public Count Malformed { get; }

    public Count TimedOut { get; }

    public Count Refused { get; }

    public Count Abandoned { get; }

    public ControlStatistics ToStatistics(int connections) => new(
        connections, Accepted.Value, Requests.Value, Failed.Value, Malformed.Value, TimedOut.Value, Refused.Value, Abandoned.Value);

    public void Dispose() => _meter.Dispose();

    private Count Make(string name, string description) => new(_meter.CreateCounter<long>($"ouroboros.control.{name}", description: description));

    /// <summary>One counter.</summary>
    internal sealed class Count(Counter<long> instrument)
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Increment()
        {
            Interlocked.Increment(ref _value);
            instrument.Add(1);
        }
    }
}
