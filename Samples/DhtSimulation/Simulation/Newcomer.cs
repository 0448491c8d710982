using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A node that is to join.</summary>
/// <param name="Place">Its place.</param>
/// <param name="Id">Its id.</param>
/// <param name="Address">Its address.</param>
/// <param name="Peer">Address of the member that it enrols with; 0 for the first.</param>
internal readonly record struct Newcomer(int Place, DhtKey Id, ulong Address, ulong Peer);
