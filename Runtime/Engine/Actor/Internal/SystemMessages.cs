namespace Akka.Actor;

// One line each; they only make sense side by side.

internal sealed class Failed(ActorCell child, Exception cause) : SystemMessage
{
    public ActorCell Child => child;

    public Exception Cause => cause;

    public override bool WaitsForChildren => true;

    public override bool WaitsForResume => true;

    public override void Apply(ActorCell cell) => cell.HandleFailed(this);
}

internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed) : SystemMessage
{
    public IActorRef Actor => actor;

    public bool ExistenceConfirmed => existenceConfirmed;

    public override void Apply(ActorCell cell) => cell.WatchedActorTerminated(actor, existenceConfirmed);
}

internal sealed class WatchMessage(ActorRefBase watchee, ActorRefBase watcher) : SystemMessage
{
    public ActorRefBase Watchee => watchee;

    public ActorRefBase Watcher => watcher;

    public override void Apply(ActorCell cell) => cell.AddWatcher(watcher);
}

internal sealed class UnwatchMessage(ActorRefBase watcher) : SystemMessage
{
    public ActorRefBase Watcher => watcher;

    public override void Apply(ActorCell cell) => cell.RemoveWatcher(watcher);
}

internal sealed class RecreateMessage(Exception cause) : SystemMessage
{
    public override bool WaitsForChildren => true;

    public override void Apply(ActorCell cell) => cell.FaultRecreate(cause);
}

internal sealed class SuspendMessage : SystemMessage
{
    public override bool WaitsForChildren => true;

    public override void Apply(ActorCell cell) => cell.FaultSuspend();
}

internal sealed class ResumeMessage(Exception? causedByFailure) : SystemMessage
{
    public override bool WaitsForChildren => true;

    public override void Apply(ActorCell cell) => cell.FaultResume(causedByFailure);
}

internal sealed class TerminateMessage : SystemMessage
{
    public override void Apply(ActorCell cell) => cell.Terminate();
}
