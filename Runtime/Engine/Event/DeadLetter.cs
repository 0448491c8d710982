using Akka.Actor;

namespace Akka.Event;

/// <summary>A message to an actor that does not exist any more, or never did.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <summary>Makes the event.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="recipient">Who was to receive it.</param>
    public DeadLetter(object message, IActorRef sender, IActorRef recipient) : base(message, sender, recipient)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(recipient);
    }
}
