namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>What the table makes of somebody who sent a request.</summary>
internal enum Heard
{
    /// <summary>It is there already.</summary>
    Known,

    /// <summary>There is room for it, should it answer a request.</summary>
    Room,

    /// <summary>There is no room; it may be kept as a replacement.</summary>
    Full,
}
