using Akka.Actor;
using Akka.Configuration;

namespace Ouroboros.Runtime.Actors;

/// <summary>Makes the actor system of a runtime; this one on Akka.NET.</summary>
internal static class ActorSystemFactory
{
    /// <summary>An actor system whose timers run on <paramref name="time"/>.</summary>
    public static ActorSystem Create(string name, string hocon, TimeProvider time)
    {
        var clock = TimeProviderScheduler.Lend(time);
        try
        {
            var config = ConfigurationFactory
                .ParseString($"akka.scheduler {{ implementation = \"{typeof(TimeProviderScheduler).FullName}, Ouroboros.Runtime\", {TimeProviderScheduler.ClockKey} = \"{clock}\" }}")
                .WithFallback(ConfigurationFactory.ParseString(hocon))
                .WithFallback(ConfigurationFactory.ParseString(ActorSystemSettings.Defaults));
            return RemotingPolicy.IsOn(config) ? ActorSystem.Create(name, RemotingPolicy.Apply(config)) : ActorSystem.Create(name, config);
        }
        finally
        {
            TimeProviderScheduler.TakeBack(clock);
        }
    }
}
