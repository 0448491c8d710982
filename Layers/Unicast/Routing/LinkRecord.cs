using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>An entry of the link-state database.</summary>
/// <param name="Lsa">The newest announcement or withdrawal.</param>
/// <param name="Age">How long ago it came, milliseconds.</param>
public readonly record struct LinkRecord(Lsa Lsa, long Age);
