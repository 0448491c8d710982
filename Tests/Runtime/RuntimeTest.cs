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
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly List<Application> _applications = [];
    private bool _stopped;

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

    protected virtual IReadOnlyDictionary<string, ServiceMain>? Services => null;

    /// <summary>What the clock shows first; null = the beginning of 2026.</summary>
    protected virtual DateTimeOffset? Start => null;

    [SetUp]
    public async Task StartRuntime()
    {
        _stopped = false;
        Time = new ManualTimeProvider(Start);
        Node = await OuroborosRuntime.StartAsync(Config, Time, Security, Services);
    }

    /// <summary>What has to be so once every application has left.</summary>
    protected virtual Task BeforeStop() => Task.CompletedTask;

    [TearDown]
    public async Task StopRuntime()
    {
        foreach (var application in _applications) await application.DisposeAsync().AsTask().WaitAsync(Soon);
        _applications.Clear();
        if (!_stopped)
        {
            // Layers that never answer are given up after 500 ms.
            Time.Advance(TimeSpan.FromSeconds(1));
            await Until(
                async () =>
                {
                    Time.Advance(TimeSpan.FromMilliseconds(10));
                    var processes = (await Node.Irm.ListProcessesAsync()).Select(p => p.Id).ToHashSet();
                    // Services run until the runtime stops, and wait in accept.
                    return (await Node.Irm.ListFlowsAsync()).All(f => f.State == FlowState.AcceptPending && processes.Contains(f.ProcessId));
                },
                "every flow is gone when every application has left");
            await Until(() => Task.FromResult(Node.PoolStatistics.Sum(p => p.Outstanding) == 0), "every packet has come back");
            await BeforeStop();
        }
        await Stop();
    }

    /// <summary>Stops the runtime, and checks that no packet is out.</summary>
    protected async Task Stop()
    {
        if (_stopped) return;
        _stopped = true;
        var disposed = Node.DisposeAsync().AsTask();
        await disposed.WaitAsync(Soon);
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

    /// <inheritdoc cref="Patient.Until(Func{Task{bool}}, string)"/>
    protected static Task Until(Func<Task<bool>> condition, string what) => Patient.Until(condition, what);

    /// <inheritdoc cref="Patient.Until(Func{Task{bool}}, string)"/>
    protected static Task Until(Func<bool> condition, string what) => Patient.Until(condition, what);

    /// <summary>Returns when the IRMd has worked through everything that was sent to it before.</summary>
    protected Task IrmdIsDone() => Node.Irm.ListFlowsAsync().WaitAsync(Soon);

    /// <summary>Starts something and returns when it has reached the IRMd; deadlines count from then.</summary>
    protected async Task<T> Begun<T>(Func<T> action)
    {
        var result = action();
        await IrmdIsDone();
        return result;
    }

    /// <summary>
    /// Moves the clock until the task is done. Time-outs that begin late, with nothing left, are given their chance; and so are those whose actor had seen
    /// what is left when the clock was moved, and set its timer by the clock of afterwards.
    /// </summary>
    protected async Task PassUntilDone(Task task, TimeSpan by)
    {
        const int patient = 2000;
        var looked = 0;
        Time.Advance(by);
        await Until(
            () =>
            {
                Time.Advance(++looked % patient == 0 ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero);
                return task.IsCompleted;
            },
            "the task is done after " + by);
    }

    /// <summary>Moves the clock in steps until the task is done.</summary>
    protected Task PassInSteps(Task task, TimeSpan step) => Until(
        async () =>
        {
            Time.Advance(step);
            await IrmdIsDone();
            return task.IsCompleted;
        },
        $"the task is done after steps of {step}");

    /// <inheritdoc cref="Patient.Failure(Task)"/>
    protected static Task<FlowException> Failure(Task task) => Patient.Failure(task);

    /// <inheritdoc cref="Failure(Task)"/>
    protected static Task<FlowException> Failure<T>(ValueTask<T> task) => Failure(task.AsTask());

    protected static async Task<FlowError> ErrorOf(Task task) => (await Failure(task)).Error;

    protected static Task<FlowError> ErrorOf<T>(ValueTask<T> task) => ErrorOf(task.AsTask());

    protected static FlowError ErrorOf(Func<Task> action) => Assert.ThrowsAsync<FlowException>(action)!.Error;

    /// <summary>A packet of the bytes 0, 1, 2, ...</summary>
    protected static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];

    /// <summary>Reads one packet, or a part of one.</summary>
    protected static async Task<byte[]> Read(Flow flow, int size = 2048)
    {
        var buffer = new byte[size];
        var read = await flow.ReadAsync(buffer).AsTask().WaitAsync(Soon);
        return buffer[..read];
    }
}
