using Akka.Actor;
using Ouroboros.Runtime.Irmd;

namespace Ouroboros.Runtime.Actors;

/// <summary>
/// What <c>/user</c> does when one of its children fails or is killed. The IRMd and its guard go on with the next message: a restart would
/// restart everything below as well, all layers and flows, for a failure that is none of theirs. Other actors get the default. Named in
/// the actor system's configuration.
/// </summary>
public sealed class GuardianStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc/>
    public override SupervisorStrategy Create() => new ByChild();

    private sealed class ByChild : OneForOneStrategy
    {
        public ByChild()
            : base(DefaultDecider)
        {
        }

        protected override Directive Handle(IActorRef child, Exception exception) =>
            exception is not ActorInitializationException && (child.Path.Name is IrmdActor.Name or IrmdGuard.Name)
                ? Directive.Resume
                : base.Handle(child, exception);
    }
}
