using Akka.Actor.Setup;

namespace Ouroboros.Engine;

/// <summary>
/// The clock of a system: scheduler, timers, time-outs of asks and receives, restart limits and shutdown phases run on it. Not in Akka.NET.
/// </summary>
public sealed class TimeProviderSetup : Setup
{
    /// <summary>Makes the part.</summary>
    /// <param name="timeProvider">The clock.</param>
    public TimeProviderSetup(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        TimeProvider = timeProvider;
    }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; }
}
