namespace Akka.Actor;

/// <summary>The path of an actor below the root.</summary>
public sealed class ChildActorPath : ActorPath
{
    /// <summary>Makes the path of a child.</summary>
    /// <param name="parentPath">The path above.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uid">Its incarnation; 0: not said.</param>
    public ChildActorPath(ActorPath parentPath, string name, long uid) : base(parentPath, name, uid)
    {
    }
}
