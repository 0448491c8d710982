namespace Akka.Actor;

/// <summary>Tests of references that may stand for no actor.</summary>
public static class ActorRefExtensions
{
    /// <summary>Whether the reference is null, <see cref="ActorRefs.Nobody"/> or dead letters.</summary>
    /// <param name="actorRef">The reference to test.</param>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody or DeadLetterRef;

    /// <summary>The reference, or the other one when it stands for nobody.</summary>
    /// <param name="actorRef">The reference to test.</param>
    /// <param name="elseValue">Makes the replacement.</param>
    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue) =>
        actorRef.IsNobody() ? elseValue() : actorRef!;
}
