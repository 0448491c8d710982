using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Shim;

/// <summary>What the core tells its shell.</summary>
public abstract record ShimEvent
{
    private ShimEvent()
    {
    }

    /// <summary>A query has its answer.</summary>
    /// <param name="Token">That of the query.</param>
    /// <param name="Found">Whether the name is in the layer.</param>
    public sealed record QueryAnswered(object Token, bool Found) : ShimEvent;

    /// <summary>Look for this name by other means than messages, and tell <see cref="ShimCore.Learn"/> or <see cref="ShimCore.NotFound"/>.</summary>
    public sealed record ResolveWanted(NameHash Hash) : ShimEvent;

    /// <summary>A peer asks for a flow; answer with <see cref="ShimCore.Respond"/>.</summary>
    public sealed record RequestArrived(long Request, NameHash Hash, QosSpec Qos, byte[] Data) : ShimEvent;

    /// <summary>A flow that we asked for is open: the peer has accepted.</summary>
    public sealed record Opened(ShimFlow Flow, byte[] Data) : ShimEvent;

    /// <summary>A flow that we asked for will not be: refused, or timed out. It is released already.</summary>
    public sealed record Refused(ShimFlow Flow, FlowError Error) : ShimEvent;

    /// <summary>The linger time of a flow is over; it is released.</summary>
    public sealed record Released(ShimFlow Flow, object? Token) : ShimEvent;

    /// <summary>The peer has released the flow; ours stays until its user releases it too.</summary>
    public sealed record PeerReleased(ShimFlow Flow) : ShimEvent;
}
