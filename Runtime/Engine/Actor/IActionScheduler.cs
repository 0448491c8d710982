namespace Akka.Actor;

/// <summary>Runs actions later. They run outside actors, and should be short.</summary>
public interface IActionScheduler
{
    /// <summary>Runs an action later.</summary>
    /// <param name="delay">When.</param>
    /// <param name="action">What.</param>
    /// <param name="cancelable">Calls it off.</param>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    /// <summary>Runs an action later.</summary>
    /// <param name="delay">When.</param>
    /// <param name="action">What.</param>
    void ScheduleOnce(TimeSpan delay, Action action);

    /// <summary>Runs an action again and again.</summary>
    /// <param name="initialDelay">When first.</param>
    /// <param name="interval">Time between any two.</param>
    /// <param name="action">What.</param>
    /// <param name="cancelable">Calls it off.</param>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);

    /// <summary>Runs an action again and again.</summary>
    /// <param name="initialDelay">When first.</param>
    /// <param name="interval">Time between any two.</param>
    /// <param name="action">What.</param>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);
}
