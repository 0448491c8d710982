using Akka.Configuration;

namespace Akka.Actor;

/// <summary>Makes the strategy of <c>/user</c>; named by <c>akka.actor.guardian-supervisor-strategy</c>.</summary>
public abstract class SupervisorStrategyConfigurator
{
    /// <summary>Makes the strategy.</summary>
    public abstract SupervisorStrategy Create();

    /// <summary>The configurator of a type name.</summary>
    /// <param name="typeName">Full name of a type, with its assembly unless it is the engine's.</param>
    /// <exception cref="ConfigurationException">There is no such type.</exception>
    public static SupervisorStrategyConfigurator CreateConfigurator(string? typeName) => typeName switch
    {
        "Akka.Actor.DefaultSupervisorStrategy" => new DefaultSupervisorStrategy(),
        "Akka.Actor.StoppingSupervisorStrategy" => new StoppingSupervisorStrategy(),
        null => throw new ConfigurationException("Could not resolve SupervisorStrategyConfigurator. typeName is null"),
        _ => (SupervisorStrategyConfigurator)Activator.CreateInstance(Type.GetType(typeName)
            ?? throw new ConfigurationException($"Could not resolve SupervisorStrategyConfigurator type {typeName}"))!,
    };
}
