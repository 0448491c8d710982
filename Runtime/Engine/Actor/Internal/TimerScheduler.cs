using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>The timers of one actor instance.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private Dictionary<object, TimerMessage>? _timers;

    public IReadOnlyCollection<object> ActiveTimers => _timers is null ? [] : _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers?.ContainsKey(key) ?? false;

    public void Cancel(object key)
    {
        if (_timers is not null && _timers.Remove(key, out var timer)) timer.Task!.Cancel();
    }

    public void CancelAll()
    {
        if (_timers is null) return;
        foreach (var timer in _timers.Values) timer.Task!.Cancel();
        _timers.Clear();
    }

    /// <summary>The message of a timer that still counts, or null.</summary>
    public object? Accept(TimerMessage timer)
    {
        if (!ReferenceEquals(timer.Owner, this) || _timers is null || !_timers.TryGetValue(timer.Key, out var present)
            || !ReferenceEquals(present, timer)) return null;
        if (!timer.Repeat) _timers.Remove(timer.Key);
        return timer.Message;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef? sender)
    {
        Cancel(key);
        var timer = new TimerMessage(this, key, message, interval is not null);
        timer.Task = interval is null
            ? cell.System.Scheduler.ScheduleTellOnceCancelable(delay, cell, timer, sender)
            : cell.System.Scheduler.ScheduleTellRepeatedlyCancelable(delay, interval.Value, cell, timer, sender);
        (_timers ??= [])[key] = timer;
    }
}
