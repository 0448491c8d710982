namespace Akka.Actor;

/// <summary>The references that stand for no actor.</summary>
public static class ActorRefs
{
    /// <summary>The reference of nobody; swallows what is sent to it.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>No sender: null.</summary>
    public static readonly IActorRef? NoSender;
}
