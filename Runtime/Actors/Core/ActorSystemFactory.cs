using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Ouroboros.Engine;

namespace Ouroboros.Runtime.Actors;

/// <summary>Makes the actor system of a runtime; this one on the embedded engine.</summary>
internal static class ActorSystemFactory
{
    /// <summary>An actor system whose timers run on <paramref name="time"/>.</summary>
    public static ActorSystem Create(string name, string hocon, TimeProvider time)
    {
        var config = ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(ActorSystemSettings.Defaults));
        return ActorSystem.Create(name, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), new TimeProviderSetup(time)));
    }
}
