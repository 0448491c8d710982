namespace Ouroboros.Runtime.Hosting;

/// <summary>
/// The runtime of a host, for whatever the host injects it into. Hosted services find it started in their <c>StartAsync</c>, whatever the
/// order in which they were added, and still running in their <c>StopAsync</c>.
/// </summary>
public sealed class OuroborosRuntimeAccessor
{
    private readonly TaskCompletionSource<OuroborosRuntime> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopped;

    internal OuroborosRuntimeAccessor()
    {
    }

    /// <summary>The runtime.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.IrmdUnreachable"/>: the host has not started it, or has stopped it.</exception>
    public OuroborosRuntime Runtime => !_stopped && _started.Task.IsCompletedSuccessfully
        ? _started.Task.Result
        : throw new FlowException(FlowError.IrmdUnreachable, $"the host {(_stopped ? "has stopped the runtime" : "has not started the runtime yet; wait for it")}");

    /// <summary>The runtime as soon as it has been started; fails with what it could not be started for.</summary>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public Task<OuroborosRuntime> WaitAsync(CancellationToken cancellationToken = default) => _started.Task.WaitAsync(cancellationToken);

    internal void Started(OuroborosRuntime runtime) => _started.TrySetResult(runtime);

    internal void Failed(Exception reason)
    {
        _started.TrySetException(reason);
        _ = _started.Task.Exception; // nobody needs to be waiting
    }

    internal void Stopped() => _stopped = true;
}
