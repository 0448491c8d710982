namespace Ouroboros.Layers.Flow.Frcp.Wire;

/// <summary>Packets that have arrived beyond the acknowledged ones.</summary>
/// <param name="Start">First.</param>
/// <param name="End">First that has not.</param>
internal readonly record struct SackRange(uint Start, uint End);
