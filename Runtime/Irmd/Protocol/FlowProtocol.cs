using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Runtime.Irmd.Protocol;

/// <summary>The conversation between applications, the IRMd and the actors of flows.</summary>
internal static class FlowProtocol
{
    /// <summary>To a flow: the end with this endpoint has been closed by its user.</summary>
    public sealed record Released(FlowEndpoint Endpoint);

    /// <summary>To the IRMd: the caller no longer waits for the answer.</summary>
    public sealed record GivenUp(FlowRequest Request);

    /// <summary>To the parent of flows: make the actor of a flow.</summary>
    public sealed record Spawn(FlowEntry Entry, object Start);

    /// <summary>To the parent of flows: pass this on to a flow.</summary>
    public sealed record ToFlow(int FlowId, object Message);

    /// <summary>To the IRMd: the flow's actor has ended. Names the entry, because the number may have gone to another flow.</summary>
    public sealed record Gone(FlowEntry Entry);

    /// <summary>First message of an accepting flow.</summary>
    public sealed record StartAccept(AcceptRequest Request);

    /// <summary>First message of an allocating flow.</summary>
    public sealed record StartAllocate(AllocateRequest Request, IReadOnlyList<Candidate> Candidates, NameInfo Name);

    /// <summary>First message of a joining flow.</summary>
    public sealed record StartJoin(JoinRequest Request, Candidate Layer);

    /// <summary>A layer that may know a name, and the name's key there.</summary>
    public sealed record Candidate(int IpcpId, string Layer, IActorRef Ipcp, Crypto.Hashing.NameHash Hash)
    {
        /// <summary>Whether nobody but applications of this runtime is in it.</summary>
        public bool IsLocal { get; init; }
    }

    /// <summary>To an accepting flow: another application of the same trust domain wants a flow to it.</summary>
    public sealed record DirectRequest(AllocateRequest Request, NameInfo Name);

    /// <summary>To an accepting flow: a peer in a layer wants a flow to it.</summary>
    public sealed record LayerRequest(IpcpProtocol.FlowRequestArrived Request, IActorRef Ipcp, NameInfo Name);

    /// <summary>To the IRMd: the guard lives here; make it again should it end.</summary>
    public sealed record Guarded(IActorRef Guard);

    /// <summary>To the IRMd: the runtime is being stopped; nobody who would have to wait for an acceptor is left waiting.</summary>
    public sealed record Stopping
    {
        public static readonly Stopping Instance = new();
    }

    /// <summary>To the IRMd: the flow could not take the request that was delivered to it; find another.</summary>
    public sealed record Undelivered(FlowEntry Entry, object Request);

    /// <summary>To the IRMd: who asked for the flow has given up before it was there; the accept can be given to somebody else.</summary>
    public sealed record StillWaiting(FlowEntry Entry);

    /// <summary>To a flow: the process has ended.</summary>
    public sealed record OwnerGone(int ProcessId);

    /// <summary>To a flow: the IPCP below has failed or was destroyed.</summary>
    public sealed record LayerGone(int IpcpId);

    /// <summary>To a flow: nothing more will be delivered to it; it may end.</summary>
    public sealed record Withdrawn;

    /// <summary>To the IRMd: an accepting flow has timed out or was given up; take it off the lists, then <see cref="Withdrawn"/>.</summary>
    public sealed record Withdraw(int FlowId);
}
