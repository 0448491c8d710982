using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Local;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime;

/// <summary>A runtime for each test, on a clock that the test moves; at the end every packet must have come back.</summary>
public abstract class RuntimeTest
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly List<Application> _applications = [];

    protected ManualTimeProvider Time { get; private set; } = null!;

    protected OuroborosRuntime Node { get; private set; } = null!;

    protected virtual RuntimeConfig Config => new()
    {
        Name = "test",
        GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        Seed = 1,
    };

    protected virtual IFlowSecurity? Security => null;

    [SetUp]
    public async Task StartRuntime()
    {
        Time = new ManualTimeProvider();
        Node = await OuroborosRuntime.StartAsync(Config, Time, Security);
    }

    [TearDown]
    public async Task StopRuntime()
    {
        foreach (var application in _applications) await application.DisposeAsync();
        _applications.Clear();
        var pools = Node.PoolStatistics;
        await Node.DisposeAsync();
        Assert.That(pools.Sum(p => p.Outstanding), Is.Zero, "packets that never came back");
    }

    protected async Task<Application> Attach(string program = "app", uint uid = 0)
    {
        var application = await Node.AttachAsync(new Credentials(uid, uid, program));
        _applications.Add(application);
        return application;
    }

    /// <summary>An application bound to a name.</summary>
    protected async Task<Application> Serve(string name, string program = "server", uint uid = 0)
    {
        var application = await Attach(program, uid);
        await Node.Irm.BindProcessAsync(application.Id, name);
        return application;
    }

    /// <summary>A bootstrapped local IPCP.</summary>
    protected async Task<int> LocalLayer(string name = "loc", string layer = "L", params string[] names)
    {
        var ipcp = await Node.Irm.CreateIpcpAsync(name, IpcpType.Local);
        await Node.Irm.BootstrapIpcpAsync(ipcp.Id, new LocalConfig(new LayerInfo(layer, DirectoryHash.Sha3_256)));
        foreach (var registered in names)
        {
            await Node.Irm.CreateNameAsync(new Ouroboros.Runtime.Irmd.Protocol.NameInfo(registered));
            await Node.Irm.RegisterNameAsync(registered, ipcp.Id);
        }
        return ipcp.Id;
    }

    /// <summary>A flow and its other end.</summary>
    protected async Task<(Flow Client, Flow Server)> Connect(Application client, Application server, string name)
    {
        var accept = server.AcceptAsync().AsTask();
        var allocate = client.AllocateAsync(name).AsTask();
        return (await allocate.WaitAsync(Soon), await accept.WaitAsync(Soon));
    }

    /// <summary>Waits until something that actors do in the background has been done; bounded, polls.</summary>
    protected static async Task Until(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Soon);
        while (!await condition())
        {
            Assert.That(patience.IsCancellationRequested, Is.False, "never happened: " + what);
            await Task.Yield();
        }
    }

    protected static FlowError ErrorOf(Func<Task> action) => Assert.ThrowsAsync<FlowException>(action)!.Error;
}
