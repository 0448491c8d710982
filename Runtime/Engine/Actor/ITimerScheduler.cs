namespace Akka.Actor;

/// <summary>
/// Timers of one actor, each with a key. Starting one ends the one before with that key, and its message does not arrive even when it is in
/// the
/// mailbox already.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>Keys of the timers that run.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Sends a message to the actor again and again.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="interval">Time before the first and between any two.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Sends a message to the actor again and again.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="interval">Time before the first and between any two.</param>
    /// <param name="sender">Who is seen as its sender.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender);

    /// <summary>Sends a message to the actor again and again.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="initialDelay">Time before the first.</param>
    /// <param name="interval">Time between any two.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Sends a message to the actor again and again.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="initialDelay">Time before the first.</param>
    /// <param name="interval">Time between any two.</param>
    /// <param name="sender">Who is seen as its sender.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender);

    /// <summary>Sends a message to the actor once.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="timeout">Time before it.</param>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Sends a message to the actor once.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="timeout">Time before it.</param>
    /// <param name="sender">Who is seen as its sender.</param>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender);

    /// <summary>Whether a timer runs; a single one stops running when its message is handled.</summary>
    /// <param name="key">Names the timer.</param>
    bool IsTimerActive(object key);

    /// <summary>Ends a timer.</summary>
    /// <param name="key">Names the timer.</param>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();
}
