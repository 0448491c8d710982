using Akka.Dispatch;

namespace Akka.Actor;

/// <content>Children.</content>
internal sealed partial class ActorCell
{
    public int ChildCount => _children?.Count ?? 0;

    public ActorCell[] ChildCells() => Volatile.Read(ref _children)?.ToArray() ?? [];

    public IEnumerable<IActorRef> GetChildren() => ChildCells();

    public IActorRef Child(string name) => (IActorRef?)Volatile.Read(ref _children)?.Find(name) ?? ActorRefs.Nobody;

    public override IActorRef? GetSingleChild(string name)
    {
        if (_parent is RootSupervisor)
        {
            if (name == "deadLetters") return SystemImpl.DeadLetters;
            if (name == "temp") return SystemImpl.TempContainer;
        }
        var (bare, uid) = ActorPath.SplitUid(name);
        var child = Volatile.Read(ref _children)?.Find(bare);
        return child is null || (uid != ActorPath.UndefinedUid && uid != child._uid) ? null : child;
    }

    public IActorRef ActorOf(Props props, string? name = null)
    {
        if (name is not null) CheckName(name);
        return MakeChild(props, name);
    }

    /// <summary>Makes a child; the caller has checked its name.</summary>
    public ActorCell MakeChild(Props props, string? name, MessageDispatcher? dispatcher = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (_phase >= ActorPhase.Stopping) throw new InvalidOperationException("Cannot create child while terminating or terminated");
        dispatcher ??= SystemImpl.DispatcherOf(props, this, name);
        var children = Volatile.Read(ref _children) ?? MakeChildTable();
        var child = new ActorCell(this, props, dispatcher, name, name is null ? children.NextNumber() : 0);
        children.Add(child);
        if (IsFailed)
        {
            // Born into a failed family: it waits for the decision like its siblings.
            for (var i = SuspendCount; i > 0; i--) child.SuspendMailbox();
        }
        child.Start();
        return child;
    }

    public void Stop(IActorRef child)
    {
        if (child is not ActorRefBase reference) return;
        var children = Volatile.Read(ref _children);
        if (children is not null && reference is ActorCell cell && children.Contains(cell)) children.MarkDying(cell);
        reference.Stop();
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0) throw new InvalidActorNameException("Actor name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException($"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, not be empty, and " +
                $"only contain ASCII letters, digits and these special characters: `{ActorPath.ValidSymbols}`");
        }
    }

    private void StopChildren()
    {
        if (_children is null) return;
        foreach (var child in _children.ToArray()) Stop(child);
    }

    // Children of /user are made by any thread.
    private ChildTable MakeChildTable()
    {
        var table = new ChildTable();
        return Interlocked.CompareExchange(ref _children, table, null) ?? table;
    }
}
