using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast;

/// <summary>What a <see cref="FlowAllocatorCore"/> has done by others. None of it may call the core.</summary>
public interface IFlowAllocatorOutput
{
    /// <summary>Sends a message, best effort. The bytes are copied before it returns.</summary>
    /// <returns>false when there is no way to the address, or no memory.</returns>
    bool Send(ulong address, ReadOnlySpan<byte> message);

    /// <summary>Where is the name? To end in <see cref="FlowAllocatorCore.OnResolved"/>.</summary>
    void Resolve(NameHash hash);

    /// <summary>A flow to an address where the name was said to be failed.</summary>
    void Forget(NameHash hash, ulong address);

    /// <summary>An allocation has come to its end: the flow is open and connected.</summary>
    void Opened(UnicastFlow flow, ReadOnlyMemory<byte> data);

    /// <summary>An allocation has come to its end: there is no flow.</summary>
    void Refused(int flowId, FlowError error, object? token);

    /// <summary>A peer asks for a flow; to end in <see cref="FlowAllocatorCore.Respond"/>.</summary>
    void RequestArrived(long request, NameHash hash, QosSpec qos, ReadOnlyMemory<byte> data);

    /// <summary>A flow is gone, whose release was asked for with this token.</summary>
    void Released(int flowId, object? token);

    /// <summary>The other end has released the flow.</summary>
    void PeerReleased(UnicastFlow flow);
}
