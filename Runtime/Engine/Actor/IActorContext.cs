using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>What an actor sees of itself and its surroundings; valid only while it handles a message.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>This actor.</summary>
    IActorRef Self { get; }

    /// <summary>How this actor was made.</summary>
    Props Props { get; }

    /// <summary>What runs this actor.</summary>
    MessageDispatcher Dispatcher { get; }

    /// <summary>Who sent the message that is handled now; dead letters when nobody did.</summary>
    IActorRef Sender { get; }

    /// <summary>The system that this actor lives in.</summary>
    ActorSystem System { get; }

    /// <summary>The supervisor of this actor.</summary>
    IActorRef Parent { get; }

    /// <summary>The time-out set by <see cref="SetReceiveTimeout"/>, or null.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Replaces the behaviour on top; the one that the actor starts with stays below.</summary>
    /// <param name="receive">Handles messages from now on; false means unhandled.</param>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="receive">Handles messages until <see cref="UnbecomeStacked"/>.</param>
    void BecomeStacked(Receive receive);

    /// <summary>Goes back to the behaviour below; the lowest one stays.</summary>
    void UnbecomeStacked();

    /// <summary>The child of this name, or <see cref="ActorRefs.Nobody"/>.</summary>
    /// <param name="name">Its name.</param>
    IActorRef Child(string name);

    /// <summary>The children that have not finished terminating, in no particular order.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Sends <see cref="Actor.ReceiveTimeout"/> to this actor whenever it gets no message for so long; null ends it.</summary>
    /// <param name="timeout">How long, or null.</param>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops an actor after the message that it handles now; the rest of its mailbox goes to dead letters.</summary>
    /// <param name="child">A child, or this actor itself.</param>
    void Stop(IActorRef child);
}
