namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>What a message is; the numbers are the reference's (dht.md section 5).</summary>
public enum DhtCode
{
    /// <summary>Keep a value. Not answered.</summary>
    Store = 0,

    /// <summary>Which nodes are near a key?</summary>
    FindNodeRequest = 1,

    /// <summary>Nodes near a key.</summary>
    FindNodeAnswer = 2,

    /// <summary>Which values does a key have, and which nodes are near it?</summary>
    FindValueRequest = 3,

    /// <summary>Nodes near a key, and its values.</summary>
    FindValueAnswer = 4,
}
