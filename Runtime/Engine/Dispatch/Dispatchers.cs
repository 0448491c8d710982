using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>The dispatchers of a system, made from its configuration when they are first needed.</summary>
public sealed class Dispatchers
{
    /// <summary>Id of the dispatcher of actors that name none.</summary>
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";

    /// <summary>Id of the dispatcher of the engine's own actors.</summary>
    public static readonly string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private readonly ActorSystemImpl _system;
    private readonly Dictionary<string, MessageDispatcher> _dispatchers = [];

    internal Dispatchers(ActorSystemImpl system)
    {
        _system = system;
        DefaultGlobalDispatcher = Lookup(DefaultDispatcherId);
        InternalDispatcher = Lookup(InternalDispatcherId);
    }

    /// <summary>The dispatcher of actors that name none.</summary>
    public MessageDispatcher DefaultGlobalDispatcher { get; }

    internal MessageDispatcher InternalDispatcher { get; }

    /// <summary>Whether there is such a dispatcher.</summary>
    /// <param name="id">Path of its section in the configuration.</param>
    public bool HasDispatcher(string id)
    {
        lock (_dispatchers) return _dispatchers.ContainsKey(id) || _system.Settings.Config.HasPath(id);
    }

    /// <summary>The dispatcher of an id.</summary>
    /// <param name="dispatcherName">Path of its section in the configuration.</param>
    /// <exception cref="ConfigurationException">There is no such section, or it makes no sense.</exception>
    public MessageDispatcher Lookup(string dispatcherName)
    {
        lock (_dispatchers)
        {
            if (!_dispatchers.TryGetValue(dispatcherName, out var dispatcher))
                _dispatchers.Add(dispatcherName, dispatcher = Make(dispatcherName));
            return dispatcher;
        }
    }

    internal void Shutdown()
    {
        lock (_dispatchers)
            foreach (var dispatcher in _dispatchers.Values) dispatcher.Shutdown();
    }

    private MessageDispatcher Make(string id)
    {
        var config = _system.Settings.Config.GetConfig(id)
            ?? throw new ConfigurationException($"Dispatcher [{id}] not configured");
        var defaults = _system.Settings.Config.GetConfig(DefaultDispatcherId);
        var throughput = config.GetInt("throughput", defaults?.GetInt("throughput", 30) ?? 30);
        var type = config.GetString("type", "Dispatcher");
        switch (type)
        {
            case "PinnedDispatcher":
                return new PinnedDispatcher(_system, id, throughput);
            case "ForkJoinDispatcher":
                return new DedicatedThreadsDispatcher(_system, id, throughput, ThreadCount(config));
            case "Dispatcher" or "TaskDispatcher":
                return config.GetString("executor", "default-executor") switch
                {
                    "fork-join-executor" => new DedicatedThreadsDispatcher(_system, id, throughput, ThreadCount(config)),
                    "" or "default-executor" or "thread-pool-executor" or "task-executor" or "channel-executor" =>
                        new ThreadPoolDispatcher(_system, id, throughput),
                    var executor => throw new ConfigurationException(
                        $"Could not resolve executor service configurator type {executor} for path {id}"),
                };
            default:
                throw new ConfigurationException($"Could not resolve dispatcher type {type} for path {id}");
        }
    }

    private static int ThreadCount(Config config)
    {
        var threads = config.GetInt("dedicated-thread-pool.thread-count");
        if (threads > 0) return threads;
        var least = config.GetInt("fork-join-executor.parallelism-min", 8);
        var most = config.GetInt("fork-join-executor.parallelism-max", 64);
        return Math.Clamp(Environment.ProcessorCount, least, Math.Max(least, most));
    }
}
