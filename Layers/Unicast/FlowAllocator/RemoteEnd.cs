namespace Ouroboros.Layers.Unicast;

/// <summary>The other end of a flow.</summary>
/// <param name="Address">Address of the member.</param>
/// <param name="Eid">Endpoint id there.</param>
public sealed record RemoteEnd(ulong Address, ulong Eid);
