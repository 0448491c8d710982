using Akka.Actor;

namespace Akka.Pattern;

/// <summary>What a supervisor with back-off goes by.</summary>
internal sealed record BackoffPlan(Props ChildProps, string ChildName, TimeSpan MinBackoff, TimeSpan MaxBackoff, double RandomFactor,
    TimeSpan? AutoReset, SupervisorStrategy Strategy, object? ReplyWhileStopped, Func<object, bool>? FinalStopMessage)
{
    /// <summary>Doubles with every restart, up to the limit, and some at random on top.</summary>
    public TimeSpan Delay(int restartCount)
    {
        var random = 1.0 + (Random.Shared.NextDouble() * RandomFactor);
        var ticks = Math.Min(MaxBackoff.Ticks, MinBackoff.Ticks * Math.Pow(2, restartCount)) * random;
        return ticks is < 0d or >= long.MaxValue ? MaxBackoff : new TimeSpan((long)ticks);
    }
}
