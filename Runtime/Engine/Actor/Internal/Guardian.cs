using Akka.Event;

namespace Akka.Actor;

/// <summary>The actor at <c>/</c> and at <c>/user</c>.</summary>
internal sealed class Guardian : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated:
                Context.Stop(Self);
                break;
            case StopChild stop:
                Context.Stop(stop.Child);
                break;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                break;
        }
        return true;
    }
}
