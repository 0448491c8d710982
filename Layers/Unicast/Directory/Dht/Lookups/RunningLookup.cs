namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>A look-up as its node has it in its list: with what most messages ask of it, so that they need not look at the look-up itself.</summary>
internal struct RunningLookup
{
    public DhtLookup Lookup;

    /// <summary>The first 8 bytes of its target.</summary>
    public ulong Prefix;

    /// <summary>Before this nothing is due, milliseconds.</summary>
    public long Due;
}
