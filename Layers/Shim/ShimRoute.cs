using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>Where the packets of a flow go; immutable, read for each packet.</summary>
/// <param name="Own">Our address on the link.</param>
/// <param name="Peer">The peer's.</param>
/// <param name="OwnEid">Our endpoint id.</param>
/// <param name="PeerEid">The peer's.</param>
public sealed record ShimRoute(LinkAddress Own, LinkAddress Peer, uint OwnEid, uint PeerEid);
