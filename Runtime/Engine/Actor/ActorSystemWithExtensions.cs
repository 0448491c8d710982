namespace Akka.Actor;

/// <summary>Getting extensions by type.</summary>
public static class ActorSystemWithExtensions
{
    /// <summary>The extension, or null when it has not been registered.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="system">The system.</param>
    public static T WithExtension<T>(this ActorSystem system) where T : class, IExtension => system.GetExtension<T>();

    /// <summary>The extension, made when it is missing.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <typeparam name="TI">Type that makes it.</typeparam>
    /// <param name="system">The system.</param>
    public static T WithExtension<T, TI>(this ActorSystem system) where T : class, IExtension where TI : IExtensionId =>
        system.HasExtension<T>() ? system.GetExtension<T>() : (T)system.RegisterExtension(Activator.CreateInstance<TI>());
}
