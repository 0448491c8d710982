using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// Runs the tasks of one actor in its name, one after the other, between its messages: what <c>await</c> in <c>ReceiveAsync</c> returns to.
/// </summary>
public sealed class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    /// <summary>The message whose handler the tasks belong to.</summary>
    public object? CurrentMessage { get; private set; }

    /// <summary>1.</summary>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs an action as a task of the present actor; no message is handled before it has ended.</summary>
    /// <param name="action">The action.</param>
    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>
    /// Runs an asynchronous action of the present actor; no message is handled before it has ended. Its failure is the actor's.
    /// </summary>
    /// <param name="asyncAction">The action.</param>
    /// <exception cref="InvalidOperationException">No actor runs on this thread.</exception>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.Current ?? throw new InvalidOperationException("RunTask must be called from an actor context.");
        cell.SuspendMailbox();
        var scheduler = cell.Extras.TaskScheduler ??= new ActorTaskScheduler(cell);
        scheduler.CurrentMessage = cell.CurrentMessage;
        Task.Factory.StartNew(asyncAction, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap()
            .ContinueWith(static (task, state) => ((ActorTaskScheduler)state!).Ended(task), scheduler,
                CancellationToken.None, TaskContinuationOptions.None, scheduler);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Task>? GetScheduledTasks() => null;

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        var inTurn = ReferenceEquals(ActorCell.Current, _cell);
        if (inTurn && (task.CreationOptions & TaskCreationOptions.LongRunning) == 0) TryExecuteTask(task);
        else _cell.SendSystem(new ActorTask(this, task));
    }

    // Inline only in QueueTask, where it is known to be the actor's turn.
    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private void Ended(Task task)
    {
        var message = CurrentMessage;
        CurrentMessage = null;
        _cell.AsyncEnded(message, task.Status switch
        {
            TaskStatus.Canceled => new TaskCanceledException(),
            TaskStatus.Faulted => task.Exception is { InnerExceptions: [var only] } ? only : task.Exception,
            _ => null,
        });
    }

    private sealed class ActorTask(ActorTaskScheduler scheduler, Task task) : SystemMessage
    {
        public override void Apply(ActorCell cell) => cell.RunPartOfMessage(scheduler.CurrentMessage, () => scheduler.TryExecuteTask(task));
    }
}
