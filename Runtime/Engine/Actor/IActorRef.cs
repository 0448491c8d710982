namespace Akka.Actor;

/// <summary>A handle of an actor, which outlives it: sending to a stopped actor ends in dead letters.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where the actor is in the tree, and which incarnation of that place this is.</summary>
    ActorPath Path { get; }
}
