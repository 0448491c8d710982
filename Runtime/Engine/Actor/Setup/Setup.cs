namespace Akka.Actor.Setup;

/// <summary>A part of what a system is made from, besides its configuration.</summary>
public abstract class Setup
{
    /// <summary>This part and another.</summary>
    /// <param name="other">The other.</param>
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}
