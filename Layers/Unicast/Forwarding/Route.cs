namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>The way to one destination, as routing calculates it.</summary>
/// <param name="Destination">Address.</param>
/// <param name="NextHops">Addresses of neighbours to go by, the primary one first. Not changed until the routes after those that it came with have been taken.</param>
public readonly record struct Route(ulong Destination, ulong[] NextHops);
