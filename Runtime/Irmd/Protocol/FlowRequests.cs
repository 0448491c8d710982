using Akka.Actor;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Runtime.Irmd.Protocol;

/// <summary>What an application gets when its flow is there.</summary>
/// <param name="FlowId">Number of the flow in the runtime; both ends of a direct flow share it.</param>
/// <param name="Actor">The flow's actor, told when this end is released.</param>
/// <param name="Qos">What the flow was allocated with.</param>
/// <param name="Mpl">Maximum packet lifetime below.</param>
/// <param name="PeerUid">Trust domain of the other end, 0 when it is privileged or elsewhere.</param>
public sealed record FlowGrant(int FlowId, IActorRef Actor, QosSpec Qos, TimeSpan Mpl, uint PeerUid);

/// <summary>
/// A request for a flow that is answered once, by whoever gets there first: the flow's actor with a grant, a failure on the way, or the
/// caller who gives up. It carries its own completion, so that no actor has to be alive to answer it.
/// </summary>
internal abstract class FlowRequest(int processId, FlowEndpoint endpoint)
    : TaskCompletionSource<FlowGrant>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Who asks.</summary>
    public int ProcessId { get; } = processId;

    /// <summary>The end that it will have.</summary>
    public FlowEndpoint Endpoint { get; } = endpoint;

    /// <summary>Set by the IRMd at arrival.</summary>
    public Deadline Deadline { get; set; }

    /// <summary>Answers with an error, unless it has been answered.</summary>
    public bool Fail(FlowError error, string message) => TrySetException(new FlowException(error, message));
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
