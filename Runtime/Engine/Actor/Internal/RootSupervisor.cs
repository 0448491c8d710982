using Akka.Event;

namespace Akka.Actor;

/// <summary>The parent of the root of the tree: when the root has stopped, the system has terminated.</summary>
internal sealed class RootSupervisor(ActorSystemImpl system, ActorPath path) : ActorRefBase
{
    public override ActorPath Path => path;

    public override ActorSystemImpl SystemImpl => system;

    public override void Tell(object message, IActorRef? sender) =>
        system.Log.Error("{0} received unexpected message [{1}]", path, message);

    public override void SendSystem(SystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                system.Log.Error(failed.Cause, "guardian {0} failed, shutting down!", failed.Child);
                failed.Child.Stop();
                break;
            case DeathWatchNotification:
                system.RootTerminated();
                break;
        }
    }
}
