using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>A management message to send.</summary>
/// <param name="Destination">Where to; <see cref="LinkAddress.Broadcast"/> for queries.</param>
/// <param name="Message">The message without the frame's headers.</param>
public readonly record struct ShimTransmit(LinkAddress Destination, byte[] Message);
