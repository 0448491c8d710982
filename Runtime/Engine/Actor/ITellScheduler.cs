namespace Akka.Actor;

/// <summary>Sends messages later.</summary>
public interface ITellScheduler
{
    /// <summary>Sends a message later.</summary>
    /// <param name="delay">When.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>Sends a message later.</summary>
    /// <param name="delay">When.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    /// <param name="cancelable">Calls it off.</param>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable);

    /// <summary>Sends a message again and again.</summary>
    /// <param name="initialDelay">When first.</param>
    /// <param name="interval">Time between any two.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>Sends a message again and again.</summary>
    /// <param name="initialDelay">When first.</param>
    /// <param name="interval">Time between any two.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    /// <param name="cancelable">Calls it off.</param>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable);
}
