namespace Akka.Actor;

/// <summary>A system as extensions see it.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    private protected ExtendedActorSystem()
    {
    }

    /// <summary>Makes an actor below <c>/system</c>.</summary>
    /// <param name="props">How to make it.</param>
    /// <param name="name">Its name, or null.</param>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    /// <summary>Makes an actor below <c>/system</c>.</summary>
    /// <typeparam name="TActor">Its type.</typeparam>
    /// <param name="name">Its name, or null.</param>
    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();
}
