using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Samples.Irm;

/// <summary>Kinds of IPCP as the command line spells them; all that the protocol knows, whether or not a daemon has them.</summary>
internal static class IpcpTypeNames
{
    private static readonly Dictionary<string, IpcpType> Names = new()
    {
        // The order in which shortened words are looked up.
        ["unicast"] = IpcpType.Unicast,
        ["broadcast"] = IpcpType.Broadcast,
        ["udp4"] = IpcpType.Udp4,
        ["udp6"] = IpcpType.Udp6,
        ["eth-dix"] = IpcpType.EthDix,
        ["eth-llc"] = IpcpType.EthLlc,
        ["local"] = IpcpType.Local,
    };

    /// <summary>The name of a kind.</summary>
    public static string Of(IpcpType type) => IpcpTable.TypeName(type);

    /// <summary>The kind with exactly this name.</summary>
    public static IpcpType Exact(string name, string usage) =>
        Names.TryGetValue(name, out var type) ? type : throw new UsageException($"\"{name}\" is not a type of IPCP.", usage);

    /// <summary>The first kind whose name begins so.</summary>
    public static IpcpType Shortened(string word, string usage) =>
        Words.Find(word, Names.Keys) is { } name ? Names[name] : throw new UsageException($"\"{word}\" is not a type of IPCP.", usage);
}
