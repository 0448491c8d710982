namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// All neighbours on a shortest way to each member, the newest link first (routing-and-broadcast.md A5.4, without neighbours that do not
/// announce the link).
/// </summary>
public sealed class EcmpCalculator(ulong self) : NeighbourSetCalculator(self)
{
    /// <inheritdoc/>
    protected override ulong[] NextHops(LinkGraph graph, int vertex) => ListOf(graph, vertex, Nearest[vertex], [], None);
}
