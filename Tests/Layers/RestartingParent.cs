using Akka.Actor;

namespace Ouroboros.Tests.Layers;

/// <summary>A parent that restarts what fails, as an IPCP does with its parts.</summary>
internal sealed class RestartingParent : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        if (message is Make make) Sender.Tell(Context.ActorOf(make.Props, make.Name));
    }

    /// <summary>Makes a child; answered with its reference.</summary>
    public sealed record Make(Props Props, string Name);
}
