using Ouroboros.Hocon;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Benchmarks.Ethernet;

/// <summary>Two runtimes of this process, one in each of two namespaces, with an Ethernet layer of one kind between them.</summary>
internal sealed class EthernetPair : IAsyncDisposable
{
    private readonly OuroborosRuntime _client;
    private readonly OuroborosRuntime _server;
    private readonly Application _asks;
    private readonly Application _serves;

    private EthernetPair(string kind, OuroborosRuntime client, OuroborosRuntime server, Application asks, Application serves, FigureTable table)
    {
        (_client, _server, _asks, _serves) = (client, server, asks, serves);
        Kind = kind;
        Runs = new FlowRuns(kind, asks, serves, table);
    }

    /// <summary>The kind of the layer.</summary>
    public string Kind { get; }

    /// <summary>What can be measured over it.</summary>
    public FlowRuns Runs { get; }

    /// <summary>Starts both.</summary>
    public static async Task<EthernetPair> StartAsync(string kind, Namespaces wires, FigureTable table)
    {
        var client = await StartAsync(kind, wires[0]);
        var server = await StartAsync(kind, wires[1]);
        var asks = await client.AttachAsync("client");
        var serves = await server.AttachAsync("server");
        await server.Irm.BindProcessAsync(serves.Id, FlowRuns.Name);
        return new EthernetPair(kind, client, server, asks, serves, table);
    }

    /// <summary>Runs everything until the compiler has nothing more to optimise.</summary>
    public async Task WarmUpAsync(int[] sizes)
    {
        var runs = new FlowRuns($"{Kind}, to warm up", _asks, _serves);
        await runs.RoundTripAsync();
        foreach (var size in sizes) await runs.OneWayAsync(size, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _asks.DisposeAsync();
        await _serves.DisposeAsync();
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static Task<OuroborosRuntime> StartAsync(string kind, string space)
    {
        var config = HoconConfig.ParseString(
            $"ouroboros {{ log.level = error, name.{FlowRuns.Name} {{}}, {kind}.wire {{ bootstrap = wire, dev = eth0, netns = {space}, reg = [{FlowRuns.Name}] }} }}");
        return OuroborosRuntime.StartAsync(config with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        });
    }
}
