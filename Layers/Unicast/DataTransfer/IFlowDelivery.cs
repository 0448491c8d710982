using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>Where packets for flows go.</summary>
public interface IFlowDelivery
{
    /// <summary>A packet for a flow has arrived, in the thread that received it. Must be short, must not block and must not throw.</summary>
    /// <param name="eid">Our endpoint id, 64 or more.</param>
    /// <param name="ecn">Its congestion marks.</param>
    /// <param name="payload">Without the header.</param>
    /// <returns><see cref="DataTransferDrop.None"/>: taken. Else it stays with the caller, who drops and counts it.</returns>
    DataTransferDrop Deliver(ulong eid, byte ecn, Packet payload);
}
