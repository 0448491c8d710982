namespace Akka.Actor;

/// <summary>Gives an actor a stash, whatever its mailbox.</summary>
public interface IWithUnrestrictedStash : IActorStash
{
}
