namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>A node of the directory: its place in the key space and where it can be reached.</summary>
/// <param name="Id">Random, as long as a key.</param>
/// <param name="Address">Its address in the layer, not 0.</param>
public readonly record struct DhtContact(DhtKey Id, ulong Address);
