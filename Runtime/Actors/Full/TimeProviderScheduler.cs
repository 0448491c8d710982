using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Ouroboros.Runtime.Actors;

/// <summary>
/// Akka.NET's scheduler on a <see cref="TimeProvider"/>, so that timers of actors stand still and run with an injected clock. Akka.NET
/// makes it by name, with nothing but the configuration, which therefore names the clock.
/// </summary>
public sealed class TimeProviderScheduler : SchedulerBase
{
    internal const string ClockKey = "ouroboros-clock";

    private static readonly ConcurrentDictionary<string, TimeProvider> Lent = new();

    private readonly TimeProvider _time;
    private readonly long _start;

    /// <summary>Made by the actor system.</summary>
    public TimeProviderScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        var clock = scheduler.GetString("akka.scheduler." + ClockKey, string.Empty);
        _time = Lent.TryGetValue(clock, out var time) ? time : TimeProvider.System;
        _start = _time.GetTimestamp();
    }

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => _time.GetElapsedTime(_start);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => _time.GetUtcNow();

    internal static string Lend(TimeProvider time)
    {
        var clock = Guid.NewGuid().ToString("N");
        Lent[clock] = time;
        return clock;
    }

    internal static void TakeBack(string clock) => Lent.TryRemove(clock, out _);

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Start(() => receiver.Tell(message, sender), delay, Timeout.InfiniteTimeSpan, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Start(() => receiver.Tell(message, sender), initialDelay, interval, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Start(action, delay, Timeout.InfiniteTimeSpan, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Start(action.Run, delay, Timeout.InfiniteTimeSpan, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Start(action, initialDelay, interval, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Start(action.Run, initialDelay, interval, cancelable);

    private void Start(Action action, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true }) return;
        var scheduled = new Scheduled(action, interval, cancelable, Log);
        scheduled.Start(_time, delay);
    }

    private sealed class Scheduled(Action action, TimeSpan interval, ICancelable? cancelable, ILoggingAdapter log)
    {
        private ITimer? _timer;
        private CancellationTokenRegistration _registration;

        public void Start(TimeProvider time, TimeSpan delay)
        {
            _timer = time.CreateTimer(static state => ((Scheduled)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (cancelable is not null) _registration = cancelable.Token.UnsafeRegister(static state => ((Scheduled)state!)._timer?.Dispose(), this);
            _timer.Change(delay, interval);
        }

        private void Fire()
        {
            if (cancelable is { IsCancellationRequested: true }) return;
            try
            {
                action();
            }
            catch (Exception e)
            {
                log.Error(e, "a scheduled action failed");
            }
            if (interval != Timeout.InfiniteTimeSpan) return;
            _registration.Dispose();
            _timer?.Dispose();
        }
    }
}
