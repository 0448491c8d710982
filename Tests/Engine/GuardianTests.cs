using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class StoppingGuardianTests : ActorTest
{
    protected override string Hocon => "akka.actor.guardian-supervisor-strategy = \"Akka.Actor.StoppingSupervisorStrategy\"";

    [Test]
    public async Task Top_level_actors_that_fail_are_stopped()
    {
        var actor = Act((_, _) => throw new InvalidOperationException());
        actor.Tell("x");
        await Stopped(actor);
    }
}

public sealed class CustomGuardianTests : ActorTest
{
    protected override string Hocon => $"akka.actor.guardian-supervisor-strategy = \"{typeof(Escalating).AssemblyQualifiedName}\"";

    [Test]
    public async Task A_failure_that_user_escalates_terminates_the_system()
    {
        var actor = Act((_, _) => throw new InvalidOperationException());
        actor.Tell("x");
        await System.WhenTerminated.WaitAsync(Patience);
    }

    public sealed class Escalating : SupervisorStrategyConfigurator
    {
        public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Escalate);
    }
}
