using Akka.Actor;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Runtime.Irmd.Protocol;

/// <summary>What an application gets when its flow is there.</summary>
/// <param name="FlowId">Number of the flow in the runtime; both ends of a direct flow share it.</param>
/// <param name="Actor">The flow's actor, told when this end is released.</param>
/// <param name="Qos">What the flow was allocated with.</param>
/// <param name="Mpl">Maximum packet lifetime below.</param>
/// <param name="PeerUid">Trust domain of the other end, 0 when it is privileged or elsewhere.</param>
public sealed record FlowGrant(int FlowId, IActorRef Actor, QosSpec Qos, TimeSpan Mpl, uint PeerUid)
{
    /// <summary>Name in the peer's certificate, which was checked; null = the peer has not said who it is.</summary>
    public string? Peer { get; init; }

    /// <summary>What packets are encrypted with.</summary>
    public CipherAlgorithm Cipher { get; init; }
}

/// <summary>
/// A request for a flow that is answered once, by whoever gets there first: the flow's actor with a grant, a failure on the way, or the
/// caller who gives up. It carries its own completion, so that no actor has to be alive to answer it. Whoever needs two requests at once
/// claims both first: a caller cannot give up a claimed one, so nobody is left with half a flow.
/// </summary>
internal abstract class FlowRequest(int processId, FlowEndpoint endpoint)
    : TaskCompletionSource<FlowGrant>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private const int Open = 0;
    private const int Claimed = 1;
    private const int ClaimedAndGivenUp = 2;
    private const int GivenUp = 3;

    private int _hold;
    private CancellationToken _cancellation;

    /// <summary>Who asks.</summary>
    public int ProcessId { get; } = processId;

    /// <summary>The end that it will have.</summary>
    public FlowEndpoint Endpoint { get; } = endpoint;

    /// <summary>Set by the IRMd at arrival.</summary>
    public Deadline Deadline { get; set; }

    /// <summary>Answers with an error, unless it has been answered.</summary>
    public bool Fail(FlowError error, string message) => TrySetException(new FlowException(error, message));

    /// <summary>Keeps the caller from giving up until it is answered or <see cref="Unclaim"/>ed; false when it is too late.</summary>
    public bool TryClaim() => !Task.IsCompleted && Interlocked.CompareExchange(ref _hold, Claimed, Open) == Open;

    /// <summary>Undoes <see cref="TryClaim"/>; the caller may have given up in between.</summary>
    public void Unclaim()
    {
        if (Interlocked.CompareExchange(ref _hold, Open, Claimed) == ClaimedAndGivenUp) TrySetCanceled(_cancellation);
    }

    /// <summary>Sees to it that the wait for the answer ends, until this is disposed. Whoever waits and gets no grant closes the endpoint.</summary>
    /// <param name="stopped">Nobody answers any more: <see cref="FlowError.BrokenPipe"/>.</param>
    /// <param name="cancellation">The caller does not want to wait any more: who answers is to be told.</param>
    public Wait Bound(CancellationToken stopped, CancellationToken cancellation) => new(
        stopped.UnsafeRegister(static state => ((FlowRequest)state!).Fail(FlowError.BrokenPipe, "the runtime was stopped"), this),
        cancellation.UnsafeRegister(static (state, token) => ((FlowRequest)state!).GiveUp(token), this));

    /// <summary>The caller does not want to wait any more.</summary>
    public void GiveUp(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        if (Interlocked.CompareExchange(ref _hold, GivenUp, Open) == Open) TrySetCanceled(cancellation);
        else if (Interlocked.CompareExchange(ref _hold, ClaimedAndGivenUp, Claimed) == Open) GiveUp(cancellation);
    }

    /// <summary>What can end the wait for an answer.</summary>
    public readonly struct Wait(CancellationTokenRegistration stopped, CancellationTokenRegistration cancellation) : IDisposable
    {
        public void Dispose()
        {
            cancellation.Dispose();
            stopped.Dispose();
        }
    }
}

/// <summary>Give me a flow to a name.</summary>
internal sealed class AllocateRequest(int processId, FlowEndpoint endpoint, string destination, QosSpec qos, TimeSpan? timeout)
    : FlowRequest(processId, endpoint)
{
    public string Destination { get; } = destination;

    public QosSpec Qos { get; } = qos;

    /// <summary>null = the IRMd's default.</summary>
    public TimeSpan? Timeout { get; } = timeout;

    /// <summary>Trust domain of the asking process, filled in by the IRMd.</summary>
    public uint Uid { get; set; }
}

/// <summary>Give me the next flow that somebody wants to one of my names.</summary>
internal sealed class AcceptRequest(int processId, FlowEndpoint endpoint, TimeSpan timeout)
    : FlowRequest(processId, endpoint)
{
    /// <summary><see cref="System.Threading.Timeout.InfiniteTimeSpan"/> = for ever.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>Trust domain of the accepting process, filled in by the IRMd.</summary>
    public uint Uid { get; set; }
}

/// <summary>Let me into a broadcast layer.</summary>
internal sealed class JoinRequest(int processId, FlowEndpoint endpoint, string layer, TimeSpan? timeout)
    : FlowRequest(processId, endpoint)
{
    public string Layer { get; } = layer;

    /// <summary>null = the IRMd's default.</summary>
    public TimeSpan? Timeout { get; } = timeout;
}
