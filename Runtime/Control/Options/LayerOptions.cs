using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// What a layer is to be made with, as the daemon's socket carries it: every kind that the protocol knows, whether or not this build has
/// it. Values are checked by the daemon.
/// </summary>
/// <param name="Layer">Name of the layer, 1 to 255 bytes.</param>
public abstract record LayerOptions(string Layer)
{
    /// <summary>The kind of IPCP that understands it.</summary>
    public abstract IpcpType Type { get; }

    /// <summary>How the layer's directory hashes names; ignored by UDP (always MD5) and broadcast (always SHA3-256).</summary>
    public DirectoryHash Hash { get; init; } = DirectoryHash.Sha3_256;
}
