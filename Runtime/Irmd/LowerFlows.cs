using System.Globalization;
using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Rib;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// The lower flows of one IPCP: requests to the IRMd as an application makes them, in the name of the IPCP's process. Everything belongs to one life of
/// the IPCP's actor; <see cref="Reset"/> ends it and begins the next.
/// </summary>
internal sealed class LowerFlows(RuntimeServices services, int processId, RibMount rib) : ILowerFlows
{
    private readonly Lock _lock = new();
    private Life _life = new();

    /// <summary>Flows that it has now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _life.Flows.Count;
        }
    }

    /// <inheritdoc/>
    public async Task<LowerFlow> AllocateAsync(string name, QosSpec qos, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        // As for applications: what the reference's default build does, and needs to survive loss (QOS_DISABLE_CRC).
        if (services.Settings.DisableCrc && !qos.IsRaw) qos = qos with { BitErrorRate = 1 };
        var life = Current();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.Ended.Token);
        return await SubmitAsync(life, new AllocateRequest(processId, NewEndpoint(), name, qos, timeout), either.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Accept(Action<LowerFlow> accepted)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        var life = Current();
        if (Interlocked.Exchange(ref life.Accepted, accepted) is null) _ = AcceptAsync(life);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Life ended;
        lock (_lock)
        {
            ended = _life;
            _life = new Life();
        }
        ended.Ended.Cancel();
        foreach (var flow in ended.Take()) flow.Close();
    }

    private Life Current()
    {
        lock (_lock) return _life;
    }

    private FlowEndpoint NewEndpoint() => new(services.Domains.Global, services.Time);

    private async Task AcceptAsync(Life life)
    {
        while (!life.Ended.IsCancellationRequested)
        {
            LowerFlow flow;
            try
            {
                var request = new AcceptRequest(processId, NewEndpoint(), Timeout.InfiniteTimeSpan);
                flow = await SubmitAsync(life, request, life.Ended.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (FlowException e) when (e.Error is FlowError.InvalidArgument or FlowError.IrmdUnreachable || services.Stopping)
            {
                return; // the IPCP or the runtime is gone
            }
            catch (FlowException)
            {
                // One flow that failed, or no number free: nothing that asking again at once would change.
                await Task.Delay(TimeSpan.FromMilliseconds(100), services.Time, CancellationToken.None).ConfigureAwait(false);
                continue;
            }
            Volatile.Read(ref life.Accepted)!(flow);
        }
    }

    private async Task<LowerFlow> SubmitAsync(Life life, FlowRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (services.Stopping) throw new FlowException(FlowError.IrmdUnreachable, "the runtime has been stopped");
        services.Irmd.Current.Tell(request, ActorRefs.NoSender);
        FlowGrant grant;
        try
        {
            using var wait = request.Bound(services.Irmd.Stopped, cancellationToken);
            grant = await request.Task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            request.Endpoint.Close();
            if (e is OperationCanceledException) services.Irmd.Current.Tell(new FlowProtocol.GivenUp(request), ActorRefs.NoSender);
            throw;
        }
        request.Endpoint.Qos = grant.Qos;
        var owner = new Owner(life, grant.Actor);
        request.Endpoint.Owner = owner;
        // Ended between the answer and this line: nobody is there to have the flow.
        if (!life.TryAdd(request.Endpoint))
        {
            request.Endpoint.Close();
            throw new OperationCanceledException("the IPCP has ended", life.Ended.Token);
        }
        var endpoint = request.Endpoint;
        if (FlowRib.Of(endpoint) is { } shown)
        {
            var number = grant.FlowId.ToString(CultureInfo.InvariantCulture);
            rib.Set(number, shown);
            if (!owner.Show(() => rib.Remove(number, shown))) rib.Remove(number, shown);
        }
        return new LowerFlow(grant.FlowId, endpoint, grant.Qos, () => endpoint.Close());
    }

    /// <summary>One life of the IPCP's actor.</summary>
    private sealed class Life
    {
        private HashSet<FlowEndpoint>? _flows = [];

        public Action<LowerFlow>? Accepted;

        public CancellationTokenSource Ended { get; } = new();

        public IReadOnlyCollection<FlowEndpoint> Flows => _flows ?? [];

        public bool TryAdd(FlowEndpoint flow)
        {
            lock (Ended) return _flows?.Add(flow) ?? false;
        }

        public void Remove(FlowEndpoint flow)
        {
            lock (Ended) _flows?.Remove(flow);
        }

        public IReadOnlyCollection<FlowEndpoint> Take()
        {
            lock (Ended) return Interlocked.Exchange(ref _flows, null) ?? [];
        }
    }

    /// <summary>Lets the flow's actor know when the endpoint has let go.</summary>
    private sealed class Owner(Life life, IActorRef flow) : IFlowOwner
    {
        private static readonly Action Released = () => { };
        private Action? _hide;

        /// <summary>What to do when the flow is released; false = it has been already.</summary>
        public bool Show(Action hide) => Interlocked.CompareExchange(ref _hide, hide, null) is null;

        public void OnReleased(FlowEndpoint endpoint)
        {
            Interlocked.Exchange(ref _hide, Released)?.Invoke();
            life.Remove(endpoint);
            flow.Tell(new FlowProtocol.Released(endpoint), ActorRefs.NoSender);
        }
    }
}
