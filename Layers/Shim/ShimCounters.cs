using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Shim;

/// <summary>What a shim layer dropped, by reason.</summary>
public sealed class ShimCounters : ReasonCounters<ShimDrop>;
