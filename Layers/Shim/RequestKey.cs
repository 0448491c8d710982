using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>What makes two requests the same one.</summary>
/// <param name="Source">Who asks.</param>
/// <param name="Eid">Endpoint id at the side that asks.</param>
/// <param name="Id">The handshake.</param>
internal readonly record struct RequestKey(LinkAddress Source, uint Eid, HandshakeId Id);
