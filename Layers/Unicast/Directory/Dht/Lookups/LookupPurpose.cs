namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>What a look-up is for.</summary>
public enum LookupPurpose
{
    /// <summary>Somebody asked for the values of a name.</summary>
    Query,

    /// <summary>The nodes that are to keep a registration.</summary>
    Publish,

    /// <summary>The nodes that are to keep a copy of somebody else's value.</summary>
    Replicate,

    /// <summary>The neighbourhood of the own id.</summary>
    Neighbours,

    /// <summary>A part of the key space that nothing went through for a while.</summary>
    Refresh,
}
