using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A node that is to join.</summary>
/// <param name="At">When, milliseconds.</param>
/// <param name="Place">Its place.</param>
/// <param name="Id">Its id.</param>
/// <param name="Address">Its address.</param>
/// <param name="Peer">Address of the member that it enrols with; 0 for the first.</param>
/// <param name="Joined">Nodes of the whole network that have joined by then, with this one.</param>
internal readonly record struct Newcomer(long At, int Place, DhtKey Id, ulong Address, ulong Peer, int Joined);
