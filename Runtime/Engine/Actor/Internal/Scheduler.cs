namespace Akka.Actor;

/// <summary>The scheduler of a system: a face of its <see cref="TimerHeap"/>.</summary>
internal sealed class TimerHeapScheduler(TimerHeap timers, TimeProvider time) : IScheduler, IAdvancedScheduler
{
    public IAdvancedScheduler Advanced => this;

    public DateTimeOffset Now => time.GetUtcNow();

    public TimeSpan MonotonicClock => TimeSpan.FromTicks(timers.Now);

    public TimeSpan HighResMonotonicClock => TimeSpan.FromTicks(timers.Now);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        Tell(delay, null, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Tell(delay, null, receiver, message, sender, cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        Tell(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable) => Tell(initialDelay, interval, receiver, message, sender, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, null, action, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    private void Tell(TimeSpan delay, TimeSpan? interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable)
    {
        if (Check(delay, interval, cancelable))
            Add(new ScheduledTell(timers, delay.Ticks, interval?.Ticks ?? 0, cancelable, receiver, message, sender), cancelable);
    }

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        if (Check(delay, interval, cancelable)) Add(new ScheduledAction(timers, delay.Ticks, interval?.Ticks ?? 0, cancelable, action), cancelable);
    }

    /// <summary>False when it has been called off already.</summary>
    private static bool Check(TimeSpan delay, TimeSpan? interval, ICancelable? cancelable)
    {
        if (delay < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(delay), $"Delay must be >=0. It was {delay}");
        if (interval <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(interval), $"Interval must be >0. It was {interval}");
        return cancelable is not { IsCancellationRequested: true };
    }

    private void Add(ScheduledWork work, ICancelable? cancelable)
    {
        if (!timers.TryAdd(work)) throw new SchedulerException("cannot enqueue after timer shutdown");
        if (cancelable is Cancelable known)
        {
            if (!known.Attach(work)) work.Cancel();
        }
        else
        {
            cancelable?.Token.UnsafeRegister(static w => ((ScheduledWork)w!).Cancel(), work);
        }
    }
}
