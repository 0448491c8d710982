namespace Akka.Actor;

/// <summary>Something that a message can be sent to: an actor reference or a selection of actors.</summary>
public interface ICanTell
{
    /// <summary>Puts <paramref name="message"/> into the mailbox of the receiver; never blocks.</summary>
    /// <param name="message">Any object except null.</param>
    /// <param name="sender">Who the receiver sees as <c>Sender</c>; null shows as dead letters.</param>
    void Tell(object message, IActorRef? sender);
}
