using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros;

/// <summary>
/// An application attached to a runtime: it allocates flows to names and accepts flows for the names that it, or its program, is bound to.
/// Disposing it releases its flows.
/// </summary>
public sealed class Application : IAsyncDisposable
{
    /// <summary>Descriptors start here (reference: PROG_RES_FDS).</summary>
    public const int FirstDescriptor = 64;

    private readonly IApplicationHost _host;
    private readonly TimeProvider _time;
    private readonly DescriptorTable<Flow> _flows;
    private int _detached;

    internal Application(IApplicationHost host, Credentials credentials, IrmProtocol.Attached attached, TimeProvider time, int maxFlows)
    {
        _host = host;
        _time = time;
        _flows = new DescriptorTable<Flow>(FirstDescriptor, maxFlows);
        Credentials = credentials;
        Id = attached.ProcessId;
        Pool = attached.Pool;
    }

    /// <summary>Its number in the runtime, to be bound to names with <see cref="IrmClient.BindProcessAsync"/>.</summary>
    public int Id { get; }

    /// <summary>Who it is.</summary>
    public Credentials Credentials { get; }

    /// <summary>The packet pool of its trust domain.</summary>
    public PacketPool Pool { get; }

    /// <summary>
    /// Whether the bit error rate of every flow allocated here is replaced by 1, so that it has no CRC: what the reference's default build does
    /// (QOS_DISABLE_CRC), and what a flow to such a build needs to survive loss, because its retransmissions carry none.
    /// </summary>
    public bool DisableCrc { get; set; } = true;

    /// <summary>Its flows.</summary>
    public IReadOnlyList<Flow> Flows => _flows.Snapshot();

    /// <summary>Makes an empty flow set.</summary>
    public FlowSet CreateFlowSet() => new(_time);

    /// <summary>Allocates a flow to a name.</summary>
    /// <param name="destination">A name that this runtime knows.</param>
    /// <param name="qos">null = raw.</param>
    /// <param name="timeout">null = the IRMd's default, 20 s.</param>
    /// <param name="cancellationToken">Gives the allocation up.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.NameUnknown"/>, <see cref="FlowError.IpcpFailed"/> (no layer knows the name), <see cref="FlowError.TimedOut"/>,
    /// <see cref="FlowError.BadDescriptor"/> (no number free), or what the other side refused with.
    /// </exception>
    public ValueTask<Flow> AllocateAsync(
        string destination, QosSpec? qos = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Check(timeout);
        var spec = qos ?? QosSpec.Raw;
        if (DisableCrc && !spec.IsRaw) spec = spec with { BitErrorRate = 1 };
        var request = new AllocateRequest(Id, NewEndpoint(), destination, spec, timeout);
        return Submit(request, cancellationToken);
    }

    /// <summary>Accepts the next flow that somebody allocates to a name that this application is bound to.</summary>
    /// <param name="timeout">null = wait for ever; zero = poll.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.TimedOut"/>, <see cref="FlowError.BrokenPipe"/> (the runtime stops), <see cref="FlowError.BadDescriptor"/>,
    /// <see cref="FlowError.InvalidArgument"/> (the application was detached).
    /// </exception>
    public ValueTask<Flow> AcceptAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Check(timeout);
        return Submit(new AcceptRequest(Id, NewEndpoint(), timeout ?? Timeout.InfiniteTimeSpan), cancellationToken);
    }

    /// <summary>Joins a broadcast layer by its name.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="timeout">null = the IRMd's default, 20 s.</param>
    /// <param name="cancellationToken">Gives the join up.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.IpcpFailed"/> (no such layer here), <see cref="FlowError.NotAllocated"/> (the layer is not a broadcast layer),
    /// <see cref="FlowError.TimedOut"/>, <see cref="FlowError.BadDescriptor"/>.
    /// </exception>
    public ValueTask<Flow> JoinAsync(string layer, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Check(timeout);
        return Submit(new JoinRequest(Id, NewEndpoint(), layer, timeout), cancellationToken);
    }

    /// <summary>Binds this application to a name, which is made if need be. Needs a privileged application.</summary>
    public Task BindAsync(string name, CancellationToken cancellationToken = default) => _host.BindAsync(name, cancellationToken);

    /// <summary>Releases all flows and leaves the runtime.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _detached, 1) != 0) return;
        foreach (var flow in _flows.Snapshot()) flow.Dispose();
        try
        {
            await _host.DetachAsync().ConfigureAwait(false);
        }
        catch (FlowException)
        {
            // The runtime is gone, and so is whatever it knew of this application.
        }
    }

    /// <summary>The flow with this descriptor; null when there is none.</summary>
    internal Flow? FindFlow(int descriptor) => _flows.Find(descriptor);

    internal void Forget(Flow flow) => _flows.Remove(flow.Descriptor);

    private static void Check(TimeSpan? timeout)
    {
        if (timeout is { } t && t < TimeSpan.Zero && t != Timeout.InfiniteTimeSpan)
        {
            throw new FlowException(FlowError.InvalidArgument, $"a time-out of {t} is negative; leave it out for the default");
        }
    }

    private FlowEndpoint NewEndpoint() => new(Pool, _time);

    private async ValueTask<Flow> Submit(FlowRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _detached) != 0)
        {
            throw new FlowException(FlowError.InvalidArgument, $"application {Credentials.Name} has been detached; attach it again");
        }
        _host.Submit(request);
        FlowGrant grant;
        try
        {
            using var wait = request.Bound(_host.Stopped, cancellationToken);
            grant = await request.Task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            request.Endpoint.Close();
            if (e is OperationCanceledException) _host.GiveUp(request);
            throw;
        }
        return Enter(request, grant);
    }

    private Flow Enter(FlowRequest request, FlowGrant grant)
    {
        request.Endpoint.Qos = grant.Qos;
        Flow? flow = null;
        if (_flows.TryAdd(descriptor => flow = new Flow(this, request.Endpoint, grant, descriptor)))
        {
            // Disposal may have run between the answer and this line; it has not seen the flow then.
            if (Volatile.Read(ref _detached) != 0) flow!.Dispose();
            return flow!;
        }
        request.Endpoint.Close();
        grant.Actor.Tell(new FlowProtocol.Released(request.Endpoint), ActorRefs.NoSender);
        throw new FlowException(FlowError.BadDescriptor, $"application {Credentials.Name} has {_flows.Capacity} flows, as many as it may have; deallocate some");
    }
}
