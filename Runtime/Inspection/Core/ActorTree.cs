using Akka.Actor;
using Ouroboros.Engine.Inspection;

namespace Ouroboros.Runtime.Inspection;

/// <summary>Reads the live actors of a system; this one from the embedded engine, which keeps everything itself.</summary>
internal static class ActorTree
{
    private const string User = "/user";

    /// <summary>The tree from <c>/user</c> down.</summary>
    public static ActorNode Read(ActorSystem system, FailureLog failures) =>
        Convert(ActorInspector.Read(system).Children.Single(child => child.Path == User));

    private static ActorNode Convert(ActorInfo actor) => new(
        actor.Path,
        actor.Type[(actor.Type.LastIndexOfAny(['.', '+']) + 1)..],
        actor.State.ToString().ToLowerInvariant(),
        actor.MailboxDepth,
        actor.Restarts,
        actor.LastFailure is { } failure ? $"{failure.Type}: {failure.Message}" : null,
        [.. actor.Children.Select(Convert).OrderBy(child => child.Path, StringComparer.Ordinal)]);
}
