using Akka.Actor;

namespace Ouroboros.Samples.DhtSimulation.Live;

/// <summary>The one parent of all directory actors of a process; it restarts those that fail.</summary>
internal sealed class LiveParent : UntypedActor
{
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is Make make) Sender.Tell(Context.ActorOf(make.Props, make.Name));
        else Unhandled(message);
    }

    /// <summary>Makes a child; answered with its reference.</summary>
    public sealed record Make(Props Props, string Name);
}
