namespace Akka.Actor;

/// <summary>Gives an actor an unbounded stash.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash
{
}
