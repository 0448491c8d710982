using System.Text.RegularExpressions;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Local;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Samples;

/// <summary>A node with one local layer for each test, on a clock that the test moves; at the end every packet must have come back.</summary>
public abstract partial class ToolTest
{
    protected const uint Alice = 50_001;
    protected const uint Bob = 50_002;

    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    private readonly List<Application> _applications = [];

    protected ManualTimeProvider Time { get; private set; } = null!;

    protected OuroborosRuntime Node { get; private set; } = null!;

    protected static RuntimeConfig Config(params string[] names) => new()
    {
        Name = "tools",
        GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        Seed = 1,
        Ipcps =
        [
            new IpcpStanza("lo", IpcpType.Local, "ouroboros.local.lo")
            {
                Bootstrap = new LocalConfig(new LayerInfo("layer", DirectoryHash.Sha3_256)),
                Register = names,
            },
        ],
    };

    [SetUp]
    public async Task StartNode()
    {
        Time = new ManualTimeProvider();
        Node = await OuroborosRuntime.StartAsync(Config("oping", "oecho"), Time);
    }

    [TearDown]
    public async Task StopNode()
    {
        foreach (var application in _applications) await application.DisposeAsync();
        _applications.Clear();
        // Who has been told to stop may still have one in hand.
        await Until(() => Node.PoolStatistics.Sum(p => p.Outstanding) == 0, "every packet has come back");
        await Node.DisposeAsync();
    }

    protected async Task<Application> Attach(string program, uint uid = Alice)
    {
        var application = await Node.AttachAsync(new Credentials(uid, uid, program));
        _applications.Add(application);
        return application;
    }

    protected async Task<Application> Serve(string name, uint uid = Alice)
    {
        var application = await Attach("server", uid);
        await Node.Irm.BindProcessAsync(application.Id, name);
        return application;
    }

    protected static async Task<(Flow Client, Flow Server)> Connect(Application client, Application server, string name)
    {
        var accept = server.AcceptAsync().AsTask();
        var allocate = client.AllocateAsync(name).AsTask();
        return (await allocate.WaitAsync(Soon), await accept.WaitAsync(Soon));
    }

    /// <summary>Waits for what other threads do; bounded, polls.</summary>
    protected static async Task Until(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Soon);
        while (!condition())
        {
            Assert.That(patience.IsCancellationRequested, Is.False, "never happened: " + what);
            await Task.Yield();
        }
    }

    /// <summary>Lines with times and units replaced by <c>#</c>; they are the only thing that two runs differ in.</summary>
    protected static string Masked(string text) => Times().Replace(text, "#");

    [GeneratedRegex(@"(?<=time=)[\d.]+ \S+|(?<=time: )[\d.]+|(?<=mdev = )\S+ \S+|(?<=^\[)\d+\.\d{6}(?=\])", RegexOptions.Multiline)]
    private static partial Regex Times();
}
