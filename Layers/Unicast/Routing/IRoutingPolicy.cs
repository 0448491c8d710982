using Ouroboros.Layers.Unicast.Routing.Graph;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>A way to make routes from the links of a layer.</summary>
public interface IRoutingPolicy
{
    /// <summary>Its number in a layer's configuration, and that of the forwarding policy that its routes are made for.</summary>
    int Number { get; }

    /// <summary>Its name in HOCON and on the command line.</summary>
    string Name { get; }

    /// <summary>Makes what works out the routes of the member at <paramref name="self"/>.</summary>
    RouteCalculator CreateCalculator(ulong self);
}
