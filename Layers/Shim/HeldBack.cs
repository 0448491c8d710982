namespace Ouroboros.Layers.Shim;

/// <summary>A message that is to be sent later.</summary>
/// <param name="At">When.</param>
/// <param name="Transmit">What.</param>
internal readonly record struct HeldBack(TimeSpan At, ShimTransmit Transmit);
