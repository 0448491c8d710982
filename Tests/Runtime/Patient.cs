using Akka.Actor;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Tests.Runtime;

/// <summary>
/// Allocates flows between runtimes that have only just started: as long as layers settle, or a query was lost, or the machine is too slow to answer one in time, it
/// asks again. Each try is a question to the layers; the limit is only for a run that will never get there.
/// </summary>
internal static class Patient
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Long enough for any actor that lives.
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Waits until something that happens in the background has been done; bounded, polls.</summary>
    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            Assert.That(patience.IsCancellationRequested, Is.False, "never happened: " + what);
            await Task.Yield();
        }
    }

    /// <inheritdoc cref="Until(Func{Task{bool}}, string)"/>
    public static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    /// <summary>The error that a task ends with.</summary>
    public static async Task<FlowException> Failure(Task task)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (FlowException e)
        {
            return e;
        }
        throw new AssertionException("no FlowException was thrown");
    }

    /// <summary>
    /// The answer of an actor, asked again when there is none: what reaches an actor that is being stopped and made anew is gone with the former one. In
    /// real time: the asker's own time-out is on the runtime's clock, which nobody may be moving.
    /// </summary>
    public static async Task<T> AskAsync<T>(OuroborosRuntime node, string path, object message)
    {
        using var patience = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                return await node.System.ActorSelection(path).Ask<T>(message, Limit).WaitAsync(OneAnswer);
            }
            catch (Exception e) when (e is TimeoutException or AskTimeoutException && !patience.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>A flow and its other end.</summary>
    public static async Task<(Flow Client, Flow Server)> ConnectAsync(Application client, Application server, string name)
    {
        var accept = server.AcceptAsync().AsTask();
        var flow = await AllocateAsync(client, name);
        return (flow, await accept.WaitAsync(Limit));
    }

    /// <summary>Asks again while no layer knows the name.</summary>
    public static Task<Flow> AllocateAsync(Application client, string name) =>
        AllocateAsync(client, name, null, e => e.Error == FlowError.IpcpFailed && e.Message.Contains("layers here knows", StringComparison.Ordinal));

    /// <summary>Asks again while it fails as it may until routing and directory have settled.</summary>
    public static Task<Flow> AllocateInUnicastAsync(Application client, string name, QosSpec qos) =>
        AllocateAsync(client, name, qos, e => e.Error is FlowError.IpcpFailed or FlowError.NameUnknown or FlowError.TimedOut);

    private static async Task<Flow> AllocateAsync(Application client, string name, QosSpec? qos, Predicate<FlowException> again)
    {
        using var patience = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                return await client.AllocateAsync(name, qos, cancellationToken: patience.Token);
            }
            catch (FlowException e) when (again(e) && !patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}
