using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Tests.Simulation.Network;

/// <summary>What the layer of a simulation is like.</summary>
/// <param name="Policy">Number of the routing policy.</param>
/// <param name="Loss">Part of the packets that get lost on each wire.</param>
internal sealed record UnicastLayer(int Policy, double Loss)
{
    /// <summary>How often an allocation that fails is tried again: messages of the directory and of allocation may be lost more often than they are repeated.</summary>
    public int Tries => Loss > 0 ? 2 : 0;

    public UnicastConfig Config { get; } = new(new LayerInfo("net", DirectoryHash.Sha3_256)) { Routing = LinkStateConfig.Default with { Policy = Policy } };
}
