namespace Akka.Actor.Internal;

/// <summary>The props of a type with a parameterless constructor, made once: they are immutable.</summary>
internal static class NewActor<TActor> where TActor : ActorBase
{
    public static readonly Props Props = new(new ActivatorProducer(typeof(TActor), []), []);
}
