using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;

namespace Ouroboros.Layers.Ipcp;

/// <summary>The <c>hash</c> option that several kinds of layer have.</summary>
public static class DirectoryHashOption
{
    /// <summary>What it is called in HOCON and on the command line.</summary>
    public const string Key = "hash";

    /// <summary>The spellings, as the reference's tool takes them.</summary>
    public static IReadOnlyDictionary<string, DirectoryHash> Names { get; } = new Dictionary<string, DirectoryHash>
    {
        ["SHA3_224"] = DirectoryHash.Sha3_224,
        ["SHA3_256"] = DirectoryHash.Sha3_256,
        ["SHA3_384"] = DirectoryHash.Sha3_384,
        ["SHA3_512"] = DirectoryHash.Sha3_512,
    };

    /// <summary>Reads it; <see cref="DirectoryHash.Sha3_256"/> when it is not there.</summary>
    public static DirectoryHash Read(HoconReader options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.GetEnum(Key, Names, DirectoryHash.Sha3_256);
    }
}
