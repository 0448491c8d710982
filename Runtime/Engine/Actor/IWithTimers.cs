namespace Akka.Actor;

/// <summary>Gives an actor timers, which end with the instance that started them.</summary>
public interface IWithTimers
{
    /// <summary>The timers; set by the engine before the constructor of the actor runs.</summary>
    ITimerScheduler Timers { get; set; }
}
