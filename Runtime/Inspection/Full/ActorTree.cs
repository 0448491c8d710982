using Akka.Actor;

namespace Ouroboros.Runtime.Inspection;

/// <summary>Reads the live actors of a system; this one through Akka.NET's cells, which keep no failures, so these come from the log.</summary>
internal static class ActorTree
{
    /// <summary>The tree from <c>/user</c> down.</summary>
    public static ActorNode Read(ActorSystem system, FailureLog failures)
    {
        var guardian = ((ExtendedActorSystem)system).Guardian;
        return Read(guardian, failures);
    }

    private static ActorNode Read(IActorRef actor, FailureLog failures)
    {
        var path = actor.Path.ToStringWithoutAddress();
        var failure = failures.Find(path);
        if (actor is not ActorRefWithCell { Underlying: { } cell })
        {
            return new ActorNode(path, actor.GetType().Name, "unknown", 0, failure.Count, failure.Last, []);
        }
        var children = cell.ChildrenContainer.Children.Select(child => Read(child, failures)).OrderBy(child => child.Path, StringComparer.Ordinal).ToList();
        return new ActorNode(path, cell.Props.Type.Name, cell.IsTerminated ? "stopped" : "running", cell.NumberOfMessages, failure.Count, failure.Last, children);
    }
}
