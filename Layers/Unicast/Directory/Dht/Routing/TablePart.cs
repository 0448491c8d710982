namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>One part of the key space: how many contacts there are in it. Eight bytes, since the parts are walked for every request.</summary>
internal struct TablePart
{
    public byte Count;

    /// <summary>When a look-up last went through it, seconds on the monotonic clock.</summary>
    public int LastLookup;
}
