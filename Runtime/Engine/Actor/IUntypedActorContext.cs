namespace Akka.Actor;

/// <summary>The context of an <see cref="UntypedActor"/>, whose behaviours handle every message.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Replaces the behaviour on top; the one that the actor starts with stays below.</summary>
    /// <param name="receive">Handles messages from now on.</param>
    void Become(UntypedReceive receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="receive">Handles messages until the behaviour is taken off.</param>
    void BecomeStacked(UntypedReceive receive);
}
