namespace Akka.Actor;

/// <summary>The scheduler of a system: a face of its <see cref="TimerHeap"/>.</summary>
internal sealed class TimerHeapScheduler(TimerHeap timers, TimeProvider time) : IScheduler, IAdvancedScheduler
{
    public IAdvancedScheduler Advanced => this;

    public DateTimeOffset Now => time.GetUtcNow();

    public TimeSpan MonotonicClock => TimeSpan.FromTicks(timers.Now);

    public TimeSpan HighResMonotonicClock => TimeSpan.FromTicks(timers.Now);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        Add(delay, null, () => receiver.Tell(message, sender), null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable) => Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, null, action, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        if (delay < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(delay), $"Delay must be >=0. It was {delay}");
        if (interval <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(interval), $"Interval must be >0. It was {interval}");
        if (cancelable is { IsCancellationRequested: true }) return;
        // The token is asked again at the last moment: it may be cancelled while the work is being taken out of the heap.
        var guarded = cancelable is null ? action : () =>
        {
            if (!cancelable.IsCancellationRequested) action();
        };
        var work = timers.TryAdd(delay.Ticks, guarded, interval?.Ticks ?? 0)
            ?? throw new SchedulerException("cannot enqueue after timer shutdown");
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
