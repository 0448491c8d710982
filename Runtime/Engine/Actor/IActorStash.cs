namespace Akka.Actor;

/// <summary>Marks actors that have a stash.</summary>
public interface IActorStash
{
    /// <summary>The stash; set by the engine after the constructor.</summary>
    IStash Stash { get; set; }
}
