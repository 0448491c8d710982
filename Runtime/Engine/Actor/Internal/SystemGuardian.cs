using Akka.Event;

namespace Akka.Actor;

/// <summary>The actor at <c>/system</c>: stops, with the loggers, when <c>/user</c> has.</summary>
internal sealed class SystemGuardian : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated:
                Context.System.EventStream.StopLoggers(Context.System.Settings);
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
