namespace Akka.Actor;

/// <content>Death watch.</content>
internal sealed partial class ActorCell
{
    public IActorRef Watch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return WatchFor(subject, null);
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(message);
        return WatchFor(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (_extras is not { } extras) return subject;
        if (extras.Watching is not null && extras.Watching.Remove(subject)) ((ActorRefBase)subject).SendSystem(new UnwatchMessage(this));
        extras.TerminatedQueued?.Remove(subject);
        return subject;
    }

    /// <summary>Before the watcher runs: the system ties its guardians together.</summary>
    public void WatchFromOutside(ActorCell subject)
    {
        (Extras.Watching ??= []).Add(subject, null);
        subject.SendSystem(new WatchMessage(subject, this));
    }

    public void AddWatcher(ActorRefBase watcher)
    {
        // The parent is told of every death anyway; not keeping it saves most of what a watched idle actor would cost.
        if (!ReferenceEquals(watcher, this) && !ReferenceEquals(watcher, _parent)) (Extras.WatchedBy ??= []).Add(watcher);
    }

    public void RemoveWatcher(ActorRefBase watcher) => _extras?.WatchedBy?.Remove(watcher);

    /// <summary>Someone stopped who is watched, or is a child, or both.</summary>
    public void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed)
    {
        if (_extras?.Watching is { } watching && watching.Remove(actor, out var custom) && _children is not { IsTerminating: true }
            && _phase < ActorPhase.Stopping)
        {
            (_extras.TerminatedQueued ??= [])[actor] = custom;
            Tell(new Terminated(actor, existenceConfirmed, false), actor);
        }
        if (actor is ActorCell child && ReferenceEquals(child._parent, this) && _children is not null && _children.Contains(child))
            HandleChildTerminated(child);
    }

    private IActorRef WatchFor(IActorRef subject, object? message)
    {
        if (subject is not ActorRefBase reference || reference.Equals(this)) return subject;
        if ((Extras.Watching ??= []).TryAdd(reference, message)) reference.SendSystem(new WatchMessage(reference, this));
        return subject;
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        // Unwatched while the notice was under way: it must not arrive.
        if (_extras?.TerminatedQueued is not { } queued || !queued.Remove(terminated.ActorRef, out var custom)) return;
        Receive(custom ?? terminated);
    }

    private void TellWatchers()
    {
        if (_extras?.WatchedBy is not { } watchers) return;
        _extras.WatchedBy = null;
        foreach (var watcher in watchers) watcher.SendSystem(new DeathWatchNotification(this, true));
    }

    private void UnwatchWatchedActors()
    {
        if (_extras is not { } extras) return;
        if (extras.Watching is { } watching)
        {
            extras.Watching = null;
            foreach (var subject in watching.Keys) ((ActorRefBase)subject).SendSystem(new UnwatchMessage(this));
        }
        extras.TerminatedQueued = null;
    }
}
