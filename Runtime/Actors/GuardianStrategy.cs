using Akka.Actor;

namespace Ouroboros.Runtime.Actors;

/// <summary>What <c>/user</c> does with the IRMd when it fails or is killed: restart it, for ever. Named in the actor system's configuration.</summary>
public sealed class GuardianStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc/>
    public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Restart);
}
