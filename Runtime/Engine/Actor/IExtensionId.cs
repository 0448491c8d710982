namespace Akka.Actor;

/// <summary>Identifies and makes an extension.</summary>
public interface IExtensionId
{
    /// <summary>Type of the extension.</summary>
    Type ExtensionType { get; }

    /// <summary>The extension of a system, made when it is missing.</summary>
    /// <param name="system">The system.</param>
    object Apply(ActorSystem system);

    /// <summary>The extension of a system, or null.</summary>
    /// <param name="system">The system.</param>
    object Get(ActorSystem system);

    /// <summary>Makes the extension.</summary>
    /// <param name="system">The system.</param>
    object CreateExtension(ExtendedActorSystem system);
}
