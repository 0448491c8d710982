namespace Akka.Actor;

/// <summary>Tells the time of a scheduler.</summary>
public interface ITimeProvider
{
    /// <summary>The time of day.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since some moment; never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>Time since some moment, precisely; never goes back.</summary>
    TimeSpan HighResMonotonicClock { get; }
}
