using Akka.Actor;
using Ouroboros.Hocon;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Shim;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd;

namespace Ouroboros.Tests.Runtime.Ethernet;

/// <summary>Two runtimes, each with a device in a network namespace of its own, on one veth link; what <c>hocon/eth-*.conf</c> makes of them.</summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly List<Application> _applications = [];

    private TwoHosts(Namespaces wires, OuroborosRuntime client, OuroborosRuntime server)
    {
        Wires = wires;
        Client = client;
        Server = server;
    }

    public Namespaces Wires { get; }

    public OuroborosRuntime Client { get; }

    public OuroborosRuntime Server { get; }

    /// <summary>Starts both, with the example of a kind, changed by <paramref name="extra"/> keys of the layer.</summary>
    public static async Task<TwoHosts> StartAsync(string kind, string extra = "", int mtu = 1500)
    {
        var wires = new Namespaces(2);
        try
        {
            wires.Link(0, "eth0", 1, "eth0", mtu);
            // One after the other: a runtime that does not start is not to leave the other behind.
            var client = await StartAsync(kind, wires[0], extra);
            return new TwoHosts(wires, client, await StartAsync(kind, wires[1], extra));
        }
        catch
        {
            wires.Dispose();
            throw;
        }
    }

    /// <summary>An application at the client.</summary>
    public async Task<Application> AttachAsync(OuroborosRuntime node)
    {
        var application = await node.AttachAsync(new Credentials(0, 0, "test"));
        _applications.Add(application);
        return application;
    }

    /// <summary>An application at the server, bound to a name that the layer knows.</summary>
    public async Task<Application> ServeAsync(string name)
    {
        var application = await AttachAsync(Server);
        await Server.Irm.BindProcessAsync(application.Id, name);
        return application;
    }

    /// <summary>A flow and its other end; when there is none, says what both layers have counted.</summary>
    public async Task<(Flow Client, Flow Server)> ConnectAsync(Application client, Application server)
    {
        try
        {
            return await Patient.ConnectAsync(client, server, "oping");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"client: {Describe(await StatusAsync(Client))}\nserver: {Describe(await StatusAsync(Server))}", e);
        }

        static string Describe(ShimProtocol.Status s) =>
            $"{s.State}, {s.Flows} flows, {s.Arrived} arrived, sent {s.Link?.Sent}, received {s.Link?.Received}, "
            + string.Join(", ", Enum.GetValues<ShimDrop>().Where(d => s.Drops[d] > 0).Select(d => $"{d} {s.Drops[d]}")) + ", "
            + string.Join(", ", Enum.GetValues<LinkDrop>().Where(d => s.Link?.Dropped(d) > 0).Select(d => $"{d} {s.Link!.Dropped(d)}"));
    }

    /// <summary>How the layer of a runtime is doing.</summary>
    public static Task<ShimProtocol.Status> StatusAsync(OuroborosRuntime node) =>
        Patient.AskAsync<ShimProtocol.Status>(node, "/user/irmd/ipcps/wire", ShimProtocol.GetStatus.Instance);

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
        }
    }

    private static async Task<OuroborosRuntime> StartAsync(string kind, string space, string extra)
    {
        var file = Path.Combine(Repository.Root, "hocon", kind + ".conf");
        var config = HoconConfig.ParseString($"{await File.ReadAllTextAsync(file)}\nouroboros.{kind}.wire {{ netns = {space}, {extra} }}");
        config = config with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        };
        return await OuroborosRuntime.StartAsync(config);
    }
}
