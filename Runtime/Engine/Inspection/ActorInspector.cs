using Akka.Actor;

namespace Ouroboros.Engine.Inspection;

/// <summary>Looks at the actors of a system from outside, without sending them anything.</summary>
public static class ActorInspector
{
    /// <summary>
    /// The tree of actors, from the root. Each actor is shown as it was when it was looked at; the tree is not frozen meanwhile.
    /// </summary>
    /// <param name="system">The system.</param>
    public static ActorInfo Read(ActorSystem system) => Read(((ActorSystemImpl)system).Root);

    /// <summary>One actor and what is below it, or null when it is not there any more.</summary>
    /// <param name="actor">The actor.</param>
    public static ActorInfo? Read(IActorRef actor) => actor is ActorCell { IsTerminated: false } cell ? Read(cell) : null;

    internal static ActorInfo Read(ActorCell cell)
    {
        var cells = cell.ChildCells();
        Array.Sort(cells, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var children = new List<ActorInfo>(cells.Length);
        foreach (var child in cells) children.Add(Read(child));
        if (cell.ExistingExtras?.FailedChildren is { } failed) failed.AddTo(children, cell);
        return Describe(cell, StateOf(cell), (cell.Actor?.GetType() ?? cell.Props.Type).FullName!, children);
    }

    internal static ActorInfo Describe(ActorCell cell, ActorState state, string type, IReadOnlyList<ActorInfo> children)
    {
        var extras = cell.ExistingExtras;
        var failure = extras?.LastFailure is { } e ? new ActorFailure(e.GetType().FullName!, e.Message, extras.LastFailureTime) : null;
        return new ActorInfo(cell.Path.ToStringWithoutAddress(), type, state, cell.MailboxDepth, extras?.Restarts ?? 0, failure,
            cell.Processed, children);
    }

    private static ActorState StateOf(ActorCell cell) => cell.Phase switch
    {
        ActorPhase.Stopping => ActorState.Stopping,
        ActorPhase.Stopped => ActorState.Stopped,
        ActorPhase.Restarting => ActorState.Restarting,
        _ when cell.HasFailed => ActorState.Failed,
        ActorPhase.Starting => ActorState.Starting,
        _ => cell.SuspendCount > 0 ? ActorState.Suspended : ActorState.Running,
    };
}
