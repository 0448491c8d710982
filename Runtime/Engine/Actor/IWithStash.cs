namespace Akka.Actor;

/// <summary>Gives an actor a stash of the default kind, which is unbounded.</summary>
public interface IWithStash : IWithUnrestrictedStash
{
}
