namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>One part of the key space: where its contacts and those who are to replace them are. Small, since the parts are walked for every request.</summary>
internal struct TablePart
{
    /// <summary>Place of the first of its contacts.</summary>
    public ushort First;

    /// <summary>Place of the first of its replacements.</summary>
    public ushort FirstSpare;

    public byte Count;

    public byte SpareCount;

    /// <summary>When a look-up last went through it, seconds on the monotonic clock.</summary>
    public int LastLookup;

    /// <summary>The place after the last of its contacts.</summary>
    public readonly int End => First + Count;

    /// <summary>The place after the last of its replacements.</summary>
    public readonly int EndOfSpares => FirstSpare + SpareCount;
}
