using Akka.Actor;

namespace Ouroboros.Layers.Actors;

/// <summary>Makes actors by calling a delegate: no expression tree, no reflection, the constructor's arguments checked by the compiler.</summary>
public static class ActorFactory
{
    /// <summary>Props for an actor that <paramref name="create"/> makes, again at each restart.</summary>
    public static Props Props<TActor>(Func<TActor> create)
        where TActor : ActorBase => Akka.Actor.Props.CreateBy(new Producer<TActor>(create));

    private sealed class Producer<TActor>(Func<TActor> create) : IIndirectActorProducer
        where TActor : ActorBase
    {
        public Type ActorType => typeof(TActor);

        public ActorBase Produce() => create();

        public void Release(ActorBase actor)
        {
        }
    }
}
