namespace Ouroboros.Layers.Flow.Timing;

/// <summary>Where the keepalive of a flow is.</summary>
internal readonly record struct KeepaliveSlot(KeepaliveChunk Chunk, int Index)
{
    public ref Keepalive Record => ref Chunk.Records[Index];
}
