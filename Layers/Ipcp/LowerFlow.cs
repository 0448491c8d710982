using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Ipcp;

/// <summary>A flow of an IPCP in a layer below it.</summary>
/// <param name="Id">Its number in the runtime.</param>
/// <param name="Endpoint">The IPCP's end.</param>
/// <param name="Qos">What it was allocated with.</param>
/// <param name="Release">Deallocates it; more than once does no harm.</param>
public sealed record LowerFlow(int Id, FlowEndpoint Endpoint, QosSpec Qos, Action Release);
