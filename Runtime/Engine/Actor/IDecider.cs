namespace Akka.Actor;

/// <summary>Chooses a directive for a failure.</summary>
public interface IDecider
{
    /// <summary>The directive for a failure.</summary>
    /// <param name="cause">What the child threw.</param>
    Directive Decide(Exception cause);
}
