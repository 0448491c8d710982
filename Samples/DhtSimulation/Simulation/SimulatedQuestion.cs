using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>What a node is to ask.</summary>
/// <param name="At">When, milliseconds.</param>
/// <param name="Asker">Place of the node.</param>
/// <param name="Query">Number of the query.</param>
/// <param name="Key">The name.</param>
/// <param name="Owner">Place of the node that registered it.</param>
/// <param name="Address">Where it is registered.</param>
internal readonly record struct SimulatedQuestion(long At, int Asker, long Query, DhtKey Key, int Owner, ulong Address);
