namespace Akka.Actor;

/// <summary>Shorter ways to make and select actors.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Makes an actor of a type that has a parameterless constructor.</summary>
    /// <typeparam name="TActor">The type.</typeparam>
    /// <param name="factory">Where it is made.</param>
    /// <param name="name">Its name, or null.</param>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null) where TActor : ActorBase, new() =>
        factory.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Names the actors at a path relative to <paramref name="anchorRef"/>.</summary>
    /// <param name="factory">Not used; the extension point.</param>
    /// <param name="anchorRef">Where the path starts.</param>
    /// <param name="actorPath">The path.</param>
    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) =>
        new(anchorRef, actorPath);
}
