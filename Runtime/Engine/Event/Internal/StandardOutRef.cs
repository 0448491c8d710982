using Akka.Actor;

namespace Akka.Event;

/// <summary>Writes log entries to standard output while no logger runs: at start and at the end.</summary>
internal sealed class StandardOutRef(ActorSystemImpl system) : ActorRefBase
{
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/StandardOutLogger");

    public override ActorSystemImpl SystemImpl => system;

    public override void Tell(object message, IActorRef? sender)
    {
        try
        {
            Console.WriteLine(message);
        }
        catch (Exception)
        {
            // Nobody would hear of it: this is the last place where entries go, on the thread of whoever wrote them.
        }
    }

    public override void SendSystem(SystemMessage message)
    {
    }
}
