namespace Akka.Actor;

/// <summary>An actor failed while it was made, in its constructor or in <c>PreStart</c>; by default it is stopped.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    public ActorInitializationException() : base(null)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public ActorInitializationException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="cause">Why.</param>
    public ActorInitializationException(string message, Exception cause) : base(message, cause)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="actor">Which actor.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="cause">Why, or null.</param>
    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null) : base(message, cause) => Actor = actor;

    /// <summary>Which actor, or null.</summary>
    public IActorRef? Actor { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}
