namespace Akka.Actor;

/// <summary>Where a cell is in its life.</summary>
internal enum ActorPhase : byte
{
    Starting,
    Running,
    Restarting,
    Stopping,
    Stopped,
}
