using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast;

/// <summary>Messages that the flow allocator did not use, by reason.</summary>
public sealed class FlowAllocatorCounters : ReasonCounters<FlowAllocatorDrop>;
