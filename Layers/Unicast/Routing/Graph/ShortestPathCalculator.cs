namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>One shortest way to each member.</summary>
public sealed class ShortestPathCalculator(ulong self) : RouteCalculator(self)
{
    /// <inheritdoc/>
    protected override ulong[] NextHops(LinkGraph graph, int vertex) => Single(graph, First(vertex));
}
