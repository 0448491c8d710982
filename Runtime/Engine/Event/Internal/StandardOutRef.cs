using Akka.Actor;

namespace Akka.Event;

/// <summary>Writes log entries to standard output while no logger runs: at start and at the end.</summary>
internal sealed class StandardOutRef(ActorSystemImpl system) : ActorRefBase
{
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/StandardOutLogger");

    public override ActorSystemImpl SystemImpl => system;

    public override void Tell(object message, IActorRef? sender) => Console.WriteLine(message);

    public override void SendSystem(SystemMessage message)
    {
    }
}
