using Akka.Actor;
using Akka.Configuration;

namespace Ouroboros.Tests.Engine;

/// <summary>
/// Base of the contract suite: one actor system a test. The suite is written against Akka.NET's public API only, and passes unchanged on
/// Akka.NET
/// (<c>-p:PackageProfile=full</c>). Waiting is always for something that must happen; <see cref="Patience"/> only ends a test that has
/// failed.
/// </summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class ActorTest
{
    /// <summary>How long a test waits for what must happen.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int _systems;
    private ActorSystem? _system;

    /// <summary>The system of this test, made when it is first used.</summary>
    protected ActorSystem System => _system ??= ActorSystem.Create($"test-{Interlocked.Increment(ref _systems)}",
        ConfigurationFactory.ParseString(Hocon).WithFallback(ConfigurationFactory.ParseString(Quiet)));

    /// <summary>Nothing on standard output.</summary>
    protected static string Quiet => "akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }";

    /// <summary>Settings of the system of this fixture.</summary>
    protected virtual string Hocon => "";

    [TearDown]
    public async Task Terminate()
    {
        if (_system is not null) await _system.Terminate().WaitAsync(Patience);
    }

    /// <summary>The test has terminated the system itself.</summary>
    protected void Forget() => _system = null;

    /// <summary>Makes an actor that keeps what it receives.</summary>
    protected Probe NewProbe(string? name = null) => Probe.Create(System, name);

    /// <summary>Makes a top-level actor that runs a function for every message.</summary>
    protected IActorRef Act(Action<IActorContext, object> onMessage, string? name = null) =>
        System.ActorOf(Scripted.Props(onMessage), name);

    /// <summary>Done when the actor has handled everything that was sent to it before.</summary>
    protected static async Task Drained(IActorRef actor) => await actor.Ask<ActorIdentity>(new Identify(null), Patience);

    /// <summary>Done when the actor has stopped.</summary>
    protected async Task Stopped(IActorRef actor)
    {
        var probe = NewProbe();
        await probe.Run(c => c.Watch(actor));
        await probe.Expect<Terminated>(t => t.ActorRef.Equals(actor));
    }
}
