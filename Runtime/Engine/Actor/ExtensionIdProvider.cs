namespace Akka.Actor;

/// <summary>Identifies and makes an extension.</summary>
/// <typeparam name="T">Type of the extension.</typeparam>
public abstract class ExtensionIdProvider<T> : IExtensionId where T : IExtension
{
    /// <inheritdoc/>
    public Type ExtensionType => typeof(T);

    /// <summary>The extension of a system, made when it is missing.</summary>
    /// <param name="system">The system.</param>
    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    /// <summary>The extension of a system, or null.</summary>
    /// <param name="system">The system.</param>
    public T Get(ActorSystem system) => (T)system.GetExtension(this);

    /// <summary>Makes the extension.</summary>
    /// <param name="system">The system.</param>
    public abstract T CreateExtension(ExtendedActorSystem system);

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object IExtensionId.Get(ActorSystem system) => Get(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is T;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(T).GetHashCode();
}
