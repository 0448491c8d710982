namespace Ouroboros.Pool;

/// <summary>What happened on one row of the copy table since the process started, or in one <see cref="PoolTransfer"/>.</summary>
/// <param name="Path">The row.</param>
/// <param name="Copies">Copies that each packet of this row costs.</param>
/// <param name="Packets">Packets that arrived in the destination.</param>
/// <param name="Bytes">Payload bytes of those.</param>
/// <param name="Dropped">Packets dropped because the destination had no block for them, or none large enough.</param>
public readonly record struct TransferCount(TransferPath Path, int Copies, long Packets, long Bytes, long Dropped);
