using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Local;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Configuration;

/// <summary>What a runtime does with a configuration, in which order, and what becomes of a stanza that fails (irmd.md sections 12, 15).</summary>
public sealed class ConfigApplierTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider _time = new();
    private Probe _probe = null!;

    [SetUp]
    public void Install() => _probe = Probe.Install(IpcpType.Unicast);

    [TearDown]
    public void Remove() => _probe.Dispose();

    [Test]
    public async Task After_enrolment_come_the_binding_the_connections_and_then_the_names()
    {
        _probe.Ignores = m => m is IpcpProtocol.Register;
        var starting = Start(Config(Member() with { AutoBind = true, Connect = ["peer"], Register = ["svc"] }));
        await Answer(FlowError.None);
        Assert.That((await _probe.Next<IpcpProtocol.Connect>()).Message, Has.Property("Destination").EqualTo("peer").And.Property("Component").EqualTo("Management"));
        Assert.That((await _probe.Next<IpcpProtocol.Connect>()).Message, Has.Property("Destination").EqualTo("peer").And.Property("Component").EqualTo("Data Transfer"));
        var (register, irmd) = await _probe.Next<IpcpProtocol.Register>();
        Assert.That(register.Hash, Is.EqualTo(NameHash.Of(DirectoryHash.Sha3_384, "svc")));
        irmd.Tell(new IpcpProtocol.Answer(register.Id, FlowError.None), _probe.Actor);
        await using var node = await starting.WaitAsync(Soon);
        Assert.That((await node.Irm.ListProcessesAsync()).Single().Names, Is.EquivalentTo(new[] { "member", "U" }));
    }

    [TestCase(2, true)]
    [TestCase(1, false)]
    public async Task A_failed_enrolment_is_tried_again_as_often_as_the_stanza_says(int retries, bool succeeds)
    {
        var starting = Start(Config(Member() with { Retry = retries }));
        for (var i = 0; i < 2; i++)
        {
            await Tried(i);
            await Answer(FlowError.IpcpFailed);
        }
        if (succeeds)
        {
            await Tried(2);
            await Answer(FlowError.None);
            await using var node = await starting.WaitAsync(Soon);
            Assert.That((await node.Irm.ListIpcpsAsync()).Single().Layer!.Name, Is.EqualTo("U"));
        }
        else
        {
            var e = Assert.ThrowsAsync<FlowException>(() => starting.WaitAsync(Soon))!;
            Assert.That(e.Message, Does.StartWith("ouroboros.unicast.member: "));
        }
        Assert.That(_probe.Has<IpcpProtocol.Enroll>(), Is.False);
    }

    [Test]
    public async Task With_fail_continue_a_stanza_that_fails_is_left_out_and_the_rest_is_there()
    {
        var names = new[] { Name("bad", "/no/such/program"), Name("good", null) };
        var config = Config(Member(), Local("lo", "bad", "good")) with { Names = names, StopOnFailure = false };
        var starting = Start(config);
        await Answer(FlowError.IpcpFailed);
        await using var node = await starting.WaitAsync(Soon);

        Assert.That((await node.Irm.ListIpcpsAsync()).Single(i => i.Name == "lo").Layer!.Name, Is.EqualTo("L"));
        Assert.That((await node.Irm.ListNamesAsync()).Select(n => n.Name), Does.Contain("good"));
        Assert.That((await node.Irm.ListIpcpsAsync()).Single(i => i.Name == "member").Layer, Is.Null);
    }

    [Test]
    public async Task With_fail_stop_the_first_stanza_that_fails_is_named_and_nothing_of_the_runtime_is_left()
    {
        var starting = Start(Config(Local("lo"), Member()));
        await Answer(FlowError.NameUnknown);
        var e = Assert.ThrowsAsync<FlowException>(() => starting.WaitAsync(Soon))!;
        Assert.That(e.Error, Is.EqualTo(FlowError.NameUnknown));
        Assert.That(e.Message, Does.StartWith("ouroboros.unicast.member: ").And.Contain("enrolment"));
    }

    /// <summary>Lets the time between two tries pass, once somebody waits for it: time-outs of the runtime run on the same clock.</summary>
    private async Task Tried(int attempt)
    {
        var wait = TimeSpan.FromMilliseconds(50 << attempt);
        using var patience = new CancellationTokenSource(Soon);
        while (attempt > 0 && !_time.IsAwaited(wait))
        {
            Assert.That(patience.IsCancellationRequested, Is.False, "it is not tried again");
            await Task.Yield();
        }
        if (attempt > 0) _time.Advance(wait);
    }

    /// <summary>Answers the next enrolment.</summary>
    private async Task Answer(FlowError error)
    {
        var (message, irmd) = await _probe.Next<IpcpProtocol.Enroll>();
        Assert.That(message.Destination, Is.EqualTo("seed"));
        var layer = error == FlowError.None ? new LayerInfo("U", DirectoryHash.Sha3_384) : null;
        irmd.Tell(new IpcpProtocol.Answer(message.Id, error, error == FlowError.None ? null : "nobody there", layer), _probe.Actor);
    }

    private static IpcpStanza Member() => new("member", IpcpType.Unicast, "ouroboros.unicast.member") { Enrol = "seed" };

    private static IpcpStanza Local(string name, params string[] names) => new(name, IpcpType.Local, "ouroboros.local." + name)
    {
        Bootstrap = new LocalConfig(new LayerInfo("L", DirectoryHash.Sha3_256)),
        Register = names,
    };

    private static NameConfig Name(string name, string? program) =>
        new(new NameInfo(name), program is null ? [] : [new ProgramBinding(new ProgramCommand(program), true)]);

    private static RuntimeConfig Config(params IpcpStanza[] ipcps) => new()
    {
        Name = "test",
        GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        Ipcps = ipcps,
        Seed = 1,
    };

    private Task<OuroborosRuntime> Start(RuntimeConfig config) => OuroborosRuntime.StartAsync(config, _time);
}
