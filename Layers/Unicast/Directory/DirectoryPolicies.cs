using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Unicast.Directory.Dht;

namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>The table of directory policies: a new one is one folder and one line here.</summary>
public static class DirectoryPolicies
{
    /// <summary>What it is called in HOCON and on the command line.</summary>
    public const string Key = "directory";

    /// <summary>Every policy of this build.</summary>
    public static IReadOnlyList<IDirectoryPolicy> All { get; } = [new DhtPolicy()];

    /// <summary>The policy with this number.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> with the numbers that there are.</exception>
    public static IDirectoryPolicy Find(int number) =>
        All.FirstOrDefault(p => p.Number == number)
        ?? throw new FlowException(
            FlowError.InvalidArgument, $"directory policy {number} is unknown; this build has {string.Join(", ", All.Select(p => $"{p.Number} ({p.Name})"))}");

    /// <summary>Reads which policy a layer has, the DHT when nothing is said, and its parameters.</summary>
    /// <exception cref="HoconException">With the path of what is wrong.</exception>
    public static DirectoryConfig Read(HoconReader options, DirectoryHash hash)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The reference takes DHT and dht.
        var names = All.SelectMany(p => (string[])[p.Name, p.Name.ToLowerInvariant()], (p, name) => (name, p)).ToDictionary(e => e.name, e => e.p);
        return options.GetEnum(Key, names, All[0]).ReadConfig(options, hash);
    }
}
