using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Ipcp;

/// <summary>
/// The conversation between the IRMd, its flows and an IPCP. Commands carry an <c>Id</c> that the answer repeats; a command that is never
/// answered is given up by its sender after the time-out of irmd.md section 13.
/// </summary>
public static class IpcpProtocol
{
    /// <summary>A command that is answered with one <see cref="Answer"/>.</summary>
    /// <param name="Id">Repeated in the answer.</param>
    public abstract record Command(long Id);

    /// <summary>Make a layer. Answer: the layer.</summary>
    public sealed record Bootstrap(long Id, IpcpConfig Config) : Command(Id);

    /// <summary>Join the layer of the IPCP that accepts flows for <paramref name="Destination"/>. Answer: the layer.</summary>
    /// <param name="Id">Repeated in the answer.</param>
    /// <param name="Destination">Name that the member accepts flows for.</param>
    /// <param name="Own">Options that are this member's own; the rest of it is not looked at. null = their defaults.</param>
    public sealed record Enroll(long Id, string Destination, IpcpConfig? Own = null) : Command(Id);

    /// <summary>Answer flow requests for this name from now on.</summary>
    public sealed record Register(long Id, NameHash Hash) : Command(Id);

    /// <summary>No longer answer for this name.</summary>
    public sealed record Unregister(long Id, NameHash Hash) : Command(Id);

    /// <summary>Connect a component to another member of the layer. It stays wanted once it is connected: a connection that is lost is tried again.</summary>
    /// <param name="Id">Repeated in the answer.</param>
    /// <param name="Destination">Name that the member accepts flows for.</param>
    /// <param name="Component">Which component.</param>
    /// <param name="Qos">What the flow is to be like.</param>
    /// <param name="Keep">It was connected before: it stays wanted even if the first try fails.</param>
    public sealed record Connect(long Id, string Destination, string Component, QosSpec Qos, bool Keep = false) : Command(Id);

    /// <summary>Take a connection down.</summary>
    public sealed record Disconnect(long Id, string Destination, string Component) : Command(Id);

    /// <summary>The answer to a <see cref="Command"/>.</summary>
    /// <param name="Id">That of the command.</param>
    /// <param name="Error"><see cref="FlowError.None"/> when it was done.</param>
    /// <param name="Reason">What to tell a person when it was not.</param>
    /// <param name="Layer">After bootstrap and enrolment.</param>
    public sealed record Answer(long Id, FlowError Error, string? Reason = null, LayerInfo? Layer = null)
    {
        /// <summary>After enrolment: what the layer is made with, so that the member can be put back when nobody is there to enrol with.</summary>
        public IpcpConfig? Config { get; init; }
    }

    /// <summary>Is this name in your layer? Answered to the sender with <see cref="QueryAnswer"/>, at once or after a search.</summary>
    public sealed record Query(NameHash Hash);

    /// <summary>Whether the name is in the layer of the IPCP with number <paramref name="IpcpId"/>.</summary>
    public sealed record QueryAnswer(int IpcpId, bool Found);

    /// <summary>Allocate a flow for <paramref name="Endpoint"/>; the sender gets a <see cref="FlowReply"/>.</summary>
    public sealed record AllocateFlow(int FlowId, FlowEndpoint Endpoint, QosSpec Qos, NameHash Hash, ReadOnlyMemory<byte> Data);

    /// <summary>Join a broadcast layer; the sender gets a <see cref="FlowReply"/>.</summary>
    public sealed record JoinFlow(int FlowId, FlowEndpoint Endpoint, NameHash Hash);

    /// <summary>What became of an allocation or a join.</summary>
    /// <param name="FlowId">That of the request.</param>
    /// <param name="Response">0, or the error of the peer or of this layer.</param>
    /// <param name="Mpl">Maximum packet lifetime in this layer.</param>
    /// <param name="Data">The peer's handshake answer.</param>
    public sealed record FlowReply(int FlowId, FlowError Response, TimeSpan Mpl, ReadOnlyMemory<byte> Data);

    /// <summary>To the IRMd: a peer asks for a flow to a name registered here. Answered with <see cref="RespondFlow"/>.</summary>
    /// <param name="IpcpId">Which IPCP.</param>
    /// <param name="Request">The IPCP's own number for the request.</param>
    /// <param name="Hash">Key of the name.</param>
    /// <param name="Qos">What the peer asked for.</param>
    /// <param name="Mpl">Maximum packet lifetime in this layer.</param>
    /// <param name="Data">The peer's handshake request.</param>
    public sealed record FlowRequestArrived(int IpcpId, long Request, NameHash Hash, QosSpec Qos, TimeSpan Mpl, ReadOnlyMemory<byte> Data)
    {
        /// <summary>
        /// Whether it comes from an application of this runtime and can come from nobody else. Without <see cref="Data"/> the asking flow has found that
        /// neither side has anything to agree on.
        /// </summary>
        public bool IsLocal { get; init; }
    }

    /// <summary>
    /// The answer to <see cref="FlowRequestArrived"/>: acceptance with the endpoint to connect, or a refusal to pass on to the peer. One
    /// message for both, so that a response can never overtake the flow that it belongs to.
    /// </summary>
    /// <param name="Request">The IPCP's number for the request.</param>
    /// <param name="FlowId">The accepting flow; 0 with a refusal.</param>
    /// <param name="Endpoint">The accepting end; null with a refusal.</param>
    /// <param name="Response"><see cref="FlowError.None"/>, or why not.</param>
    /// <param name="Data">The handshake answer.</param>
    /// <param name="Flow">Actor of the accepting flow, told <see cref="FlowResponded"/>; <c>Nobody</c> with a refusal.</param>
    public sealed record RespondFlow(
        long Request, int FlowId, FlowEndpoint? Endpoint, FlowError Response, ReadOnlyMemory<byte> Data, IActorRef Flow);

    /// <summary>To the accepting flow: the response was taken and the endpoint is connected, or why not.</summary>
    public sealed record FlowResponded(int FlowId, FlowError Error);

    /// <summary>
    /// Release a flow after the linger time; the sender, if there is one, gets <see cref="FlowDeallocated"/>. An unknown flow counts as released. A local
    /// layer has nothing that lingers: it forgets the flow with this message, before any later one.
    /// </summary>
    public sealed record DeallocateFlow(int FlowId, TimeSpan Linger);

    /// <summary>The flow is gone from the layer.</summary>
    public sealed record FlowDeallocated(int FlowId);

    /// <summary>To the IRMd: the IPCP runs and takes commands; after a restart it has to be bootstrapped again and its flows are gone.</summary>
    /// <param name="IpcpId">Which IPCP.</param>
    /// <param name="Restarted">false at the first start.</param>
    /// <param name="Reason">What it was restarted for.</param>
    public sealed record Started(int IpcpId, bool Restarted, string? Reason);
}
