namespace Akka.Actor;

/// <summary>The path of the root of a tree.</summary>
public sealed class RootActorPath : ActorPath
{
    /// <summary>Makes the root path of a system.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="name">Empty but for special references.</param>
    public RootActorPath(Address address, string name = "") : base(name) => RootAddress = address;

    internal Address RootAddress { get; }
}
