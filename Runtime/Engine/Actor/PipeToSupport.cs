namespace Akka.Actor;

/// <summary>Sending the result of a task to an actor.</summary>
public static class PipeToSupport
{
    /// <summary>Sends the result of a task; its failure arrives as <see cref="Status.Failure"/>.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who gets the result.</param>
    /// <param name="sender">Who is seen as its sender.</param>
    /// <param name="success">Makes the message from the result; null: the result itself.</param>
    /// <param name="failure">Makes the message from the failure; null: <see cref="Status.Failure"/>.</param>
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null,
        Func<Exception, object>? failure = null) => Pipe(new ValueTask<T>(taskToPipe), recipient, sender, success, failure);

    /// <summary>Sends the result of a task; its failure arrives as <see cref="Status.Failure"/>.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who gets the result.</param>
    /// <param name="sender">Who is seen as its sender.</param>
    /// <param name="success">Makes the message from the result; null: the result itself.</param>
    /// <param name="failure">Makes the message from the failure; null: <see cref="Status.Failure"/>.</param>
    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) => Pipe(taskToPipe, recipient, sender, success, failure);

    /// <summary>Sends a message when a task has ended; nothing on success unless <paramref name="success"/> is given.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who gets the message.</param>
    /// <param name="sender">Who is seen as its sender.</param>
    /// <param name="success">Makes the message of success; null: none is sent.</param>
    /// <param name="failure">Makes the message from the failure; null: <see cref="Status.Failure"/>.</param>
    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null,
        Func<Exception, object>? failure = null) => Pipe(new ValueTask(taskToPipe), recipient, sender, success, failure);

    /// <summary>Sends a message when a task has ended; nothing on success unless <paramref name="success"/> is given.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who gets the message.</param>
    /// <param name="sender">Who is seen as its sender.</param>
    /// <param name="success">Makes the message of success; null: none is sent.</param>
    /// <param name="failure">Makes the message from the failure; null: <see cref="Status.Failure"/>.</param>
    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null,
        Func<Exception, object>? failure = null) => Pipe(taskToPipe, recipient, sender, success, failure);

    private static async Task Pipe<T>(ValueTask<T> task, ICanTell recipient, IActorRef? sender, Func<T, object>? success,
        Func<Exception, object>? failure)
    {
        try
        {
            var result = await task.ConfigureAwait(false);
            recipient.Tell(success is null ? result! : success(result), sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }

    private static async Task Pipe(ValueTask task, ICanTell recipient, IActorRef? sender, Func<object>? success,
        Func<Exception, object>? failure)
    {
        try
        {
            await task.ConfigureAwait(false);
            if (success is not null) recipient.Tell(success(), sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }
}
