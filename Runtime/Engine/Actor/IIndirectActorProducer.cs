namespace Akka.Actor;

/// <summary>Makes the instances of an actor, the first one and one more at each restart.</summary>
public interface IIndirectActorProducer
{
    /// <summary>Type of what it makes.</summary>
    Type ActorType { get; }

    /// <summary>Makes an instance.</summary>
    ActorBase Produce();

    /// <summary>Takes back an instance that has ended.</summary>
    /// <param name="actor">The instance.</param>
    void Release(ActorBase actor);
}
