using Ouroboros.Crypto.Hashing;
using Ouroboros.Crypto.Oap;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Local;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Benchmarks.Runtime;

/// <summary>A runtime with one name, a server and a client; with or without direct flows.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    public const string Name = "bench";

    private BenchNode(OuroborosRuntime runtime, Application server, Application client)
    {
        Runtime = runtime;
        Server = server;
        Client = client;
    }

    public OuroborosRuntime Runtime { get; }

    public Application Server { get; }

    public Application Client { get; }

    public static async Task<BenchNode> StartAsync(bool direct, int maxFlows = 10240, EncryptionOptions? encryption = null)
    {
        var runtime = await OuroborosRuntime.StartAsync(new RuntimeConfig
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            Security = new SecuritySettings { HandshakeRate = 1_000_000, HandshakeBurst = 1_000_000 },
            Irmd = new IrmdSettings { DirectIpc = direct, MaxFlows = maxFlows, MaxFlowsPerApplication = maxFlows },
        });
        var policy = encryption is null ? null : new SidePolicy { Encryption = encryption };
        await runtime.Irm.CreateNameAsync(new NameInfo(Name) { Client = policy, Server = policy });
        var ipcp = await runtime.Irm.CreateIpcpAsync("loc", IpcpType.Local);
        await runtime.Irm.BootstrapIpcpAsync(ipcp.Id, new LocalConfig(new LayerInfo("L", DirectoryHash.Sha3_256)));
        await runtime.Irm.RegisterNameAsync(Name, ipcp.Id);
        var server = await runtime.AttachAsync("server");
        await server.BindAsync(Name);
        return new BenchNode(runtime, server, await runtime.AttachAsync("client"));
    }

    public async Task<(Flow Client, Flow Server)> ConnectAsync()
    {
        var accept = Server.AcceptAsync();
        var allocate = Client.AllocateAsync(Name);
        return (await allocate, await accept);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        await Runtime.DisposeAsync();
    }
}
