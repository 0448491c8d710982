namespace Akka.Actor;

/// <summary>A message with its sender, as it lies in a stash.</summary>
public readonly struct Envelope : IEquatable<Envelope>
{
    /// <summary>Makes an envelope.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it, or null.</param>
    public Envelope(object message, IActorRef? sender)
    {
        Message = message;
        Sender = sender!;
    }

    /// <summary>Makes an envelope; no sender becomes dead letters.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it, or null.</param>
    /// <param name="system">The system whose dead letters stand for no sender.</param>
    public Envelope(object message, IActorRef? sender, ActorSystem system) : this(message, sender ?? system.DeadLetters) =>
        ArgumentNullException.ThrowIfNull(message);

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <inheritdoc/>
    public bool Equals(Envelope other) => Equals(Message, other.Message) && Equals(Sender, other.Sender);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Envelope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Message, Sender);

    /// <summary>Same message and sender.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Envelope left, Envelope right) => left.Equals(right);

    /// <summary>Not the same message and sender.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Envelope left, Envelope right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => $"<{Message ?? "null"}> from {Sender?.ToString() ?? "NoSender"}";
}
