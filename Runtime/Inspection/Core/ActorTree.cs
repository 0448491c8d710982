using Akka.Actor;
using Ouroboros.Engine.Inspection;

namespace Ouroboros.Runtime.Inspection;

/// <summary>Reads the live actors of a system; this one from the embedded engine, which keeps everything itself.</summary>
internal static class ActorTree
{
    /// <summary>The tree from <c>/user</c> down.</summary>
    public static ActorNode Read(ActorSystem system, FailureLog failures) => Convert(ActorInspector.Read(system));

    private static ActorNode Convert(ActorInfo actor) => new(
        actor.Path, actor.Type, actor.State.ToString().ToLowerInvariant(), actor.MailboxDepth, actor.Restarts, actor.LastFailure?.ToString(),
        [.. actor.Children.Select(Convert).OrderBy(child => child.Path, StringComparer.Ordinal)]);
}
