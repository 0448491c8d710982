using Akka.Event;

namespace Akka.Actor;

/// <summary>The asker of an ask: a reference that takes one answer.</summary>
internal sealed class PromiseRef<T>(ActorSystemImpl system) : ActorRefBase
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorPath? _path;
    private ScheduledWork? _timeout;
    private ITimer? _lateTimeout;
    private CancellationTokenRegistration _cancellation;

    public override ActorPath Path => _path ?? MakePath();

    public override ActorSystemImpl SystemImpl => system;

    public override IActorRef ParentRef => system.TempContainer;

    public Task<T> Task => _result.Task;

    public void StartTimeout(TimeSpan timeout)
    {
        // A system that has terminated takes no more work, but an ask must end all the same.
        _timeout = system.Timers.TryAdd(timeout.Ticks, () => TimedOut(timeout));
        if (_timeout is not null) return;
        _lateTimeout = system.TimeProvider.CreateTimer(_ => TimedOut(timeout), null, timeout, Timeout.InfiniteTimeSpan);
    }

    public void CancelWith(CancellationToken token)
    {
        if (!token.CanBeCanceled) return;
        _cancellation = token.UnsafeRegister(static self =>
        {
            var promise = (PromiseRef<T>)self!;
            if (promise._result.TrySetCanceled()) promise.Over();
        }, this);
    }

    public override void Tell(object message, IActorRef? sender)
    {
        bool taken;
        switch (message)
        {
            // Before `case T`: who asks for anything gets the failure thrown, only who asks for a status gets it as the answer.
            case Status.Failure failure when !typeof(Status).IsAssignableFrom(typeof(T)):
                taken = _result.TrySetException(failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message."));
                break;
            case T answer:
                taken = _result.TrySetResult(answer);
                break;
            case null:
                taken = _result.TrySetResult(default!);
                break;
            default:
                _result.TrySetException(new ArgumentException(
                    $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]"));
                taken = false;
                break;
        }
        if (taken) Over();
        else if (!_result.Task.IsCanceled && message is not null) system.DeadLetters.Tell(message, this);
    }

    public override void SendSystem(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification died:
                Tell(new Terminated(died.Actor, died.ExistenceConfirmed, false), this);
                break;
            case WatchMessage watch when _result.Task.IsCompleted:
                watch.Watcher.SendSystem(new DeathWatchNotification(this, true));
                break;
        }
    }

    private void TimedOut(TimeSpan timeout)
    {
        if (_result.TrySetException(new AskTimeoutException($"Timeout after {timeout.TotalSeconds:F2} seconds"))) Over();
    }

    private void Over()
    {
        _timeout?.Cancel();
        _lateTimeout?.Dispose();
        // Not Dispose: this may run inside the callback, or before the field is set.
        _cancellation.Unregister();
    }

    // Nearly no asker is ever looked at, so it gets a name only when it is.
    private ActorPath MakePath()
    {
        var path = system.NextTempPath();
        return Interlocked.CompareExchange(ref _path, path, null) ?? path;
    }
}
