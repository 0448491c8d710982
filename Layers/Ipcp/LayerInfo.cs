using Ouroboros.Crypto.Hashing;

namespace Ouroboros.Layers.Ipcp;

/// <summary>A layer as the IRMd knows it.</summary>
/// <param name="Name">At most 255 bytes.</param>
/// <param name="Hash">How its directory hashes names.</param>
public sealed record LayerInfo(string Name, DirectoryHash Hash);
