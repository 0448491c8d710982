namespace Ouroboros.Pool;

/// <summary>What every access to a packet needs of its size class, side by side in one table of all pools.</summary>
internal unsafe struct ClassEntry
{
    public byte* Data;
    public BlockDescriptor* Blocks;

    /// <summary>0 for an absent class and for a pool that is gone: then every handle is out of range.</summary>
    public uint Count;

    public uint Stride;

    /// <summary>Bytes of a block that head room, payload and tail room share.</summary>
    public uint Capacity;

    public SizeClass Class;
}
