using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>A component of a member with an endpoint id below 64: 0 is the flow allocator, 1 the directory.</summary>
public interface IDataTransferComponent
{
    /// <summary>
    /// A message has arrived, in the thread that received it: to be queued, and an actor woken. Must be short, must not block and must not throw.
    /// </summary>
    /// <param name="message">Without the header; the component owns it.</param>
    void OnMessage(Packet message);
}
