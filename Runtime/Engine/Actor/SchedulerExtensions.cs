namespace Akka.Actor;

/// <summary>Scheduling in milliseconds, and with something to call it off.</summary>
public static class SchedulerExtensions
{
    /// <summary>Sends a message later.</summary>
    /// <param name="scheduler">Does it.</param>
    /// <param name="millisecondsDelay">When, in milliseconds.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    /// <param name="cancelable">Calls it off.</param>
    public static void ScheduleTellOnce(this ITellScheduler scheduler, int millisecondsDelay, ICanTell receiver, object message,
        IActorRef? sender, ICancelable? cancelable = null) =>
        scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(millisecondsDelay), receiver, message, sender, cancelable);

    /// <summary>Sends a message again and again.</summary>
    /// <param name="scheduler">Does it.</param>
    /// <param name="initialMillisecondsDelay">When first, in milliseconds.</param>
    /// <param name="millisecondsInterval">Time between any two, in milliseconds.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    /// <param name="cancelable">Calls it off.</param>
    public static void ScheduleTellRepeatedly(this ITellScheduler scheduler, int initialMillisecondsDelay, int millisecondsInterval,
        ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null) =>
        scheduler.ScheduleTellRepeatedly(TimeSpan.FromMilliseconds(initialMillisecondsDelay),
            TimeSpan.FromMilliseconds(millisecondsInterval), receiver, message, sender, cancelable);

    /// <summary>Sends a message later; the result calls it off.</summary>
    /// <param name="scheduler">Does it.</param>
    /// <param name="delay">When.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    public static ICancelable ScheduleTellOnceCancelable(this IScheduler scheduler, TimeSpan delay, ICanTell receiver, object message,
        IActorRef? sender)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellOnce(delay, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>Sends a message later; the result calls it off.</summary>
    /// <param name="scheduler">Does it.</param>
    /// <param name="millisecondsDelay">When, in milliseconds.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    public static ICancelable ScheduleTellOnceCancelable(this IScheduler scheduler, int millisecondsDelay, ICanTell receiver,
        object message, IActorRef? sender) =>
        scheduler.ScheduleTellOnceCancelable(TimeSpan.FromMilliseconds(millisecondsDelay), receiver, message, sender);

    /// <summary>Sends a message again and again; the result calls it off.</summary>
    /// <param name="scheduler">Does it.</param>
    /// <param name="initialDelay">When first.</param>
    /// <param name="interval">Time between any two.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    public static ICancelable ScheduleTellRepeatedlyCancelable(this IScheduler scheduler, TimeSpan initialDelay, TimeSpan interval,
        ICanTell receiver, object message, IActorRef? sender)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>Sends a message again and again; the result calls it off.</summary>
    /// <param name="scheduler">Does it.</param>
    /// <param name="initialMillisecondsDelay">When first, in milliseconds.</param>
    /// <param name="millisecondsInterval">Time between any two, in milliseconds.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="sender">From whom.</param>
    public static ICancelable ScheduleTellRepeatedlyCancelable(this IScheduler scheduler, int initialMillisecondsDelay,
        int millisecondsInterval, ICanTell receiver, object message, IActorRef? sender) =>
        scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.FromMilliseconds(initialMillisecondsDelay),
            TimeSpan.FromMilliseconds(millisecondsInterval), receiver, message, sender);

    /// <summary>Runs an action later; the result calls it off.</summary>
    /// <param name="scheduler">Does it.</param>
    /// <param name="delay">When.</param>
    /// <param name="action">What.</param>
    public static ICancelable ScheduleOnceCancelable(this IActionScheduler scheduler, TimeSpan delay, Action action)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleOnce(delay, action, cancelable);
        return cancelable;
    }

    /// <summary>Runs an action again and again; the result calls it off.</summary>
    /// <param name="scheduler">Does it.</param>
    /// <param name="initialDelay">When first.</param>
    /// <param name="interval">Time between any two.</param>
    /// <param name="action">What.</param>
    public static ICancelable ScheduleRepeatedlyCancelable(this IActionScheduler scheduler, TimeSpan initialDelay, TimeSpan interval,
        Action action)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleRepeatedly(initialDelay, interval, action, cancelable);
        return cancelable;
    }
}
