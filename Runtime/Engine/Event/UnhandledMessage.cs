using Akka.Actor;

namespace Akka.Event;

/// <summary>A message that its receiver did not handle.</summary>
public sealed class UnhandledMessage : AllDeadLetters
{
    /// <summary>Makes the event.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="recipient">Who received it.</param>
    public UnhandledMessage(object message, IActorRef sender, IActorRef recipient) : base(message, sender, recipient)
    {
    }
}
