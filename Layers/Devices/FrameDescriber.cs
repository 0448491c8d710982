namespace Ouroboros.Layers.Devices;

/// <summary>Says in words what is in a frame; must take any bytes.</summary>
/// <param name="frame">From the first byte of the link's header.</param>
public delegate string FrameDescriber(ReadOnlySpan<byte> frame);
