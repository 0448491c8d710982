namespace Akka.Actor;

/// <summary>A place where actors are made and looked up: an actor system or an actor's context.</summary>
public interface IActorRefFactory
{
    /// <summary>Makes a child actor. Its constructor and <c>PreStart</c> run later, on its dispatcher.</summary>
    /// <param name="props">How to make it.</param>
    /// <param name="name">Unique among its siblings; null gives it a name that starts with <c>$</c>.</param>
    /// <exception cref="InvalidActorNameException">The name is taken or malformed.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Names the actors at an absolute path.</summary>
    /// <param name="actorPath">The path.</param>
    ActorSelection ActorSelection(ActorPath actorPath);

    /// <summary>Names the actors at a path, which may be relative and hold <c>*</c>, <c>?</c>, <c>..</c> and a final <c>**</c>.</summary>
    /// <param name="actorPath">The path.</param>
    ActorSelection ActorSelection(string actorPath);
}
