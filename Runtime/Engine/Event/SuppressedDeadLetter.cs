using Akka.Actor;

namespace Akka.Event;

/// <summary>A dead letter whose loss is of no interest.</summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    /// <summary>Makes the event.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="recipient">Who was to receive it.</param>
    public SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient) : base(message, sender, recipient)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(recipient);
    }
}
