using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Shim;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd;

namespace Ouroboros.Tests.Runtime.Udp;

/// <summary>Two runtimes, each with its socket in a network namespace of its own, on one veth link; what <c>hocon/udp*.conf</c> makes of them.</summary>
internal sealed class UdpHosts : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly List<Application> _applications = [];
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("ouroboros-udp-");

    private readonly string _example;

    private UdpHosts(string kind, string example, Namespaces wires)
    {
        Kind = kind;
        _example = example;
        Wires = wires;
    }

    public string Kind { get; }

    public Namespaces Wires { get; }

    public OuroborosRuntime Client { get; private set; } = null!;

    public OuroborosRuntime Server { get; private set; } = null!;

    /// <summary>Address of one of them.</summary>
    public string Address(int host) => AddressOf(Kind, host);

    public static string AddressOf(string kind, int host) => kind == "udp4" ? $"10.0.0.{host + 1}" : $"fd00::{host + 1}";

    /// <summary>Starts both; names are in tables of hosts of their own.</summary>
    /// <param name="kind">udp4 or udp6.</param>
    /// <param name="names">Names that the client's table says are at the server.</param>
    /// <param name="extra">More keys of both layers.</param>
    /// <param name="prepare">Is given the namespaces before the runtimes start.</param>
    /// <param name="example">The file of <c>hocon/</c> that it begins with; that of the kind when null.</param>
    public static async Task<UdpHosts> StartAsync(string kind, string[] names, string extra = "", Action<UdpHosts>? prepare = null, string? example = null)
    {
        var hosts = new UdpHosts(kind, example ?? kind, new Namespaces(2));
        try
        {
            hosts.Wires.Link(0, "eth0", 1, "eth0");
            for (var i = 0; i < 2; i++)
            {
                string[] address = ["addr", "add", $"{hosts.Address(i)}/{(kind == "udp4" ? 24 : 64)}", "dev", "eth0"];
                hosts.Wires.Ip(i, kind == "udp4" ? address : [.. address, "nodad"]);
            }
            prepare?.Invoke(hosts);
            hosts.Client = await hosts.StartAsync(0, names, extra);
            hosts.Server = await hosts.StartAsync(1, [], extra);
            return hosts;
        }
        catch
        {
            if (hosts.Client is not null) await hosts.Client.DisposeAsync();
            hosts.Wires.Dispose();
            throw;
        }
    }

    public async Task<Application> AttachAsync(OuroborosRuntime node)
    {
        var application = await node.AttachAsync(new Credentials(0, 0, "test"));
        _applications.Add(application);
        return application;
    }

    /// <summary>An application at the server, bound to a name.</summary>
    public async Task<Application> ServeAsync(string name)
    {
        var application = await AttachAsync(Server);
        await Server.Irm.BindProcessAsync(application.Id, name);
        return application;
    }

    public static Task<ShimProtocol.Status> StatusAsync(OuroborosRuntime node) =>
        Patient.AskAsync<ShimProtocol.Status>(node, "/user/irmd/ipcps/net", ShimProtocol.GetStatus.Instance);

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var application in _applications) await application.DisposeAsync().AsTask().WaitAsync(Soon);
            // A pool that is disposed with packets outstanding throws, and says where they were rented.
            foreach (var node in new[] { Client, Server }) await node.DisposeAsync().AsTask().WaitAsync(Soon);
        }
        finally
        {
            Wires.Dispose();
            _files.Delete(recursive: true);
        }
    }

    private async Task<OuroborosRuntime> StartAsync(int host, string[] names, string extra)
    {
        var table = Path.Combine(_files.FullName, $"hosts{host}");
        await File.WriteAllLinesAsync(table, names.Select(n => $"{Address(1)} {NameHash.Of(DirectoryHash.Md5, n)}"));
        var example = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "hocon", _example + ".conf"));
        var config = HoconConfig.ParseString(
            $"{example}\nouroboros.{Kind}.net {{ netns = {Wires[host]}, ip = \"{Address(host)}\", hosts = \"{table}\", resolv-conf = \"{table}\", {extra} }}");
        return await OuroborosRuntime.StartAsync(config with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            // On a loaded machine an answer may take longer than the 200 ms of the reference, and is then none.
            Irmd = config.Irmd with { QueryTimeout = TimeSpan.FromSeconds(10) },
        });
    }
}
