using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>A request that waits for an acceptor: of an application of this runtime, or of a peer in a layer.</summary>
internal sealed class WaitingRequest(NameEntry name, long number)
{
    /// <summary>Order of arrival, over all names.</summary>
    public long Number { get; } = number;

    public NameEntry Name { get; } = name;

    public Deadline Deadline { get; set; }

    /// <summary>Whether the program bound to the name has been started for it.</summary>
    public bool Started { get; set; }

    /// <summary>Of an application; or null.</summary>
    public AllocateRequest? Local { get; init; }

    /// <summary>Of a peer; or null.</summary>
    public IpcpProtocol.FlowRequestArrived? Remote { get; init; }

    /// <summary>Who reported <see cref="Remote"/>.</summary>
    public IActorRef Ipcp { get; init; } = ActorRefs.Nobody;
}
