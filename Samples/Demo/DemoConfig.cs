using System.Globalization;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Samples.Demo;

/// <summary>
/// The nodes of a demo: a file for the first one, which names the files of the others in <c>vars.others</c>. UDP layers look names up in a table of hosts; the one
/// for these nodes is written from <c>vars.hosts</c> into a temporary file, which is gone when this is disposed.
/// </summary>
public sealed class DemoConfig : IDisposable
{
    private const string HostsVariable = "DEMO_HOSTS";

    private readonly string _hosts;

    private DemoConfig(string hosts, IReadOnlyList<RuntimeConfig> nodes)
    {
        _hosts = hosts;
        Nodes = nodes;
    }

    /// <summary>Where the build puts <c>hocon/demo.conf</c>.</summary>
    public static string DefaultFile => Path.Combine(AppContext.BaseDirectory, "hocon", "demo.conf");

    /// <summary>Each node's configuration, in the order of the file.</summary>
    public IReadOnlyList<RuntimeConfig> Nodes { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="file">HOCON.</param>
    /// <param name="port">UDP port of the nodes; null = what the file says.</param>
    /// <exception cref="HoconException">Something in it is wrong; with its position.</exception>
    public static DemoConfig Load(string file, int? port = null)
    {
        var hosts = Path.GetTempFileName();
        try
        {
            var options = new HoconOptions
            {
                BaseDirectory = Path.GetDirectoryName(Path.GetFullPath(file)),
                Environment = name => name switch
                {
                    HostsVariable => hosts,
                    "DEMO_PORT" when port is { } p => p.ToString(CultureInfo.InvariantCulture),
                    _ => Environment.GetEnvironmentVariable(name),
                },
            };
            var folder = options.BaseDirectory ?? ".";
            var vars = new HoconReader(HoconDocument.ParseFile(file, options).GetObject("vars"));
            File.WriteAllLines(hosts, Table(vars.GetObject("hosts")));
            var others = vars.GetStringList("others", []).Select(other => Path.Combine(folder, other));
            return new DemoConfig(hosts, [.. others.Prepend(file).Select(f => HoconConfig.LoadFile(f, options))]);
        }
        catch
        {
            File.Delete(hosts);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_hosts);

    // What is looked up is the MD5 of a name.
    private static IEnumerable<string> Table(HoconReader hosts) => hosts.Keys.Select(name => $"{hosts.GetString(name)} {NameHash.Of(DirectoryHash.Md5, name)}");
}
