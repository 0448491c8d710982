using Ouroboros.Layers.Unicast.Routing.Graph;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>A policy that is a calculator, a number and a name.</summary>
internal sealed class RoutingPolicy(int number, string name, Func<ulong, RouteCalculator> create) : IRoutingPolicy
{
    /// <inheritdoc/>
    public int Number => number;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public RouteCalculator CreateCalculator(ulong self) => create(self);
}
