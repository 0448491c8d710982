using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>A tree of actors with what they share: configuration, dispatchers, scheduler, event stream, log.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private readonly long _created = TimeProvider.System.GetTimestamp();
    private bool _disposed;

    private protected ActorSystem()
    {
    }

    /// <summary>The settings.</summary>
    public abstract Settings Settings { get; }

    /// <summary>The name.</summary>
    public abstract string Name { get; }

    /// <summary>The event bus.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Where undeliverable messages go.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>What runs actors.</summary>
    public abstract Dispatchers Dispatchers { get; }

    /// <summary>Does things later.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The log.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>Completed when the system has terminated and its termination callbacks have run.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>When the system was made, as time since 1970 UTC.</summary>
    public TimeSpan StartTime { get; } = DateTime.UtcNow - DateTime.UnixEpoch;

    /// <summary>How long the system has been up.</summary>
    public TimeSpan Uptime => TimeProvider.System.GetElapsedTime(_created);

    /// <summary>Makes a system with the default configuration.</summary>
    /// <param name="name">Letters, digits and <c>-</c>, which must not come first.</param>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <summary>Makes a system.</summary>
    /// <param name="name">Letters, digits and <c>-</c>, which must not come first.</param>
    /// <param name="config">Its configuration.</param>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="ConfigurationException">A setting makes no sense.</exception>
    public static ActorSystem Create(string name, Config config) => ActorSystemImpl.CreateAndStart(name, config, ActorSystemSetup.Empty);

    /// <summary>Makes a system.</summary>
    /// <param name="name">Letters, digits and <c>-</c>, which must not come first.</param>
    /// <param name="setup">Its configuration.</param>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="ConfigurationException">A setting makes no sense.</exception>
    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <summary>Makes a system.</summary>
    /// <param name="name">Letters, digits and <c>-</c>, which must not come first.</param>
    /// <param name="setup">What it is made from.</param>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="ConfigurationException">A setting makes no sense.</exception>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = bootstrap.HasValue ? bootstrap.Value.Config : Option<Config>.None;
        return ActorSystemImpl.CreateAndStart(name, config.HasValue ? config.Value : ConfigurationFactory.Load(), setup);
    }

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>Stops an actor after the message that it handles now.</summary>
    /// <param name="actor">The actor.</param>
    public abstract void Stop(IActorRef actor);

    /// <summary>Stops all actors, running coordinated shutdown first unless the configuration says otherwise.</summary>
    /// <returns>Completed when the system has terminated.</returns>
    public abstract Task Terminate();

    /// <summary>Has an action run when the system has terminated; the last one registered runs first.</summary>
    /// <param name="code">The action.</param>
    /// <exception cref="InvalidOperationException">The system has terminated already.</exception>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Makes an extension unless there is one already, and gives it.</summary>
    /// <param name="extension">Makes it.</param>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>An extension, or null.</summary>
    /// <param name="extensionId">Which.</param>
    public abstract object GetExtension(IExtensionId extensionId);

    /// <summary>An extension, or null.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    public abstract T GetExtension<T>() where T : class, IExtension;

    /// <summary>Whether there is an extension.</summary>
    /// <param name="type">Its type.</param>
    public abstract bool HasExtension(Type type);

    /// <summary>Whether there is an extension.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    public abstract bool HasExtension<T>() where T : class, IExtension;

    /// <summary>Terminates the system and waits for it.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Terminate().Wait();
        }
        GC.SuppressFinalize(this);
    }

    internal abstract Task FinalTerminate();
}
