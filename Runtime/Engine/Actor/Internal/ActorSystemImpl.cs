using System.Collections.Concurrent;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Ouroboros.Engine;

namespace Akka.Actor;

/// <summary>An actor system.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _callbackLock = new();
    private readonly RootActorPath _rootPath;
    private readonly ActorPath _tempPath;
    private readonly ActorCell _root;
    private readonly ActorCell _user;
    private readonly ActorCell _system;
    private Stack<Action>? _callbacks = new();
    private IActorRef? _deadLetterListener;
    private long _tempNumber;

    private ActorSystemImpl(string name, Config config, ActorSystemSetup setup)
    {
        Name = name;
        _rootPath = new RootActorPath(new Address("akka", name));
        _tempPath = _rootPath / "temp";
        var time = setup.Get<TimeProviderSetup>();
        TimeProvider = time.HasValue ? time.Value.TimeProvider : TimeProvider.System;
        Settings = new Settings(this, config, setup);
        EventStream = new EventStream(this);
        EventStream.StartStandardOut(Settings);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem), Settings.LogFormatter);
        DeadLetterRef = new DeadLetterRef(this, _rootPath / "deadLetters");
        TempContainer = new EmptyRef(this, _tempPath);
        Timers = new TimerHeap(TimeProvider, e => Log.Error(e, "Exception while executing scheduled work"));
        Scheduler = new TimerHeapScheduler(Timers, TimeProvider);
        Dispatchers = new Dispatchers(this);

        var userStrategy = SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        var rootStrategy = new OneForOneStrategy(e =>
        {
            Log.Error(e, "Guardian failed. Shutting down system");
            return Directive.Stop;
        });
        var guardian = Internal.NewActor<Guardian>.Props;
        var bubble = new RootSupervisor(this, _rootPath / "_Root-guardian-supervisor");
        _root = new ActorCell(bubble, guardian.WithSupervisorStrategy(rootStrategy), Dispatchers.InternalDispatcher, _rootPath);
        _user = _root.MakeChild(guardian.WithSupervisorStrategy(userStrategy), "user", Dispatchers.InternalDispatcher);
        _system = _root.MakeChild(Internal.NewActor<SystemGuardian>.Props, "system", Dispatchers.InternalDispatcher);
        _root.Start();
        // When /user has stopped, /system stops; when that has, the root does.
        _system.WatchFromOutside(_user);
        _root.WatchFromOutside(_system);
    }

    public override Settings Settings { get; }

    public override string Name { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters => DeadLetterRef;

    public override Dispatchers Dispatchers { get; }

    public override IScheduler Scheduler { get; }

    public override ILoggingAdapter Log { get; }

    public override Task WhenTerminated => _terminated.Task;

    public DeadLetterRef DeadLetterRef { get; }

    public IActorRef TempContainer { get; }

    public TimerHeap Timers { get; }

    public TimeProvider TimeProvider { get; }

    public ActorCell Root => _root;

    public static ActorSystemImpl CreateAndStart(string name, Config config, ActorSystemSetup setup)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (string.IsNullOrEmpty(name) || name[0] == '-' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new ArgumentException(
                $"Invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-')",
                nameof(name));
        }
        var system = new ActorSystemImpl(name, config, setup);
        try
        {
            system.EventStream.StartLoggers(system);
            if (system.Settings.LogDeadLetters > 0)
                system._deadLetterListener = system.SystemActorOf<DeadLetterListener>("deadLetterListener");
            system.LoadExtensions();
        }
        catch (Exception)
        {
            _ = system.FinalTerminate();
            throw;
        }
        return system;
    }

    public override IActorRef ActorOf(Props props, string? name = null) => _user.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _system.ActorOf(props, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => _system.ActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => new(RootAt(actorPath.Address), actorPath.Elements);

    public override ActorSelection ActorSelection(string actorPath) => Select(actorPath, _root);

    public ActorSelection Select(string path, ActorCell from)
    {
        if (string.IsNullOrEmpty(path)) return new ActorSelection(DeadLetters, "");
        if (path[0] == '/') return new ActorSelection(_root, path);
        return ActorPath.TryParse(path, out var absolute) ? ActorSelection(absolute) : new ActorSelection(from, path);
    }

    public override void Stop(IActorRef actor)
    {
        if (actor is not ActorRefBase reference) return;
        if (ReferenceEquals(reference.ParentRef, _user)) _user.Tell(new StopChild(actor), null);
        else if (ReferenceEquals(reference.ParentRef, _system)) _system.Tell(new StopChild(actor), null);
        else reference.Stop();
    }

    public override Task Terminate() => Settings.CoordinatedShutdownRunByActorSystemTerminate
        ? CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance)
        : FinalTerminate();

    internal override Task FinalTerminate()
    {
        Log.Debug("System shutdown initiated");
        if (!Settings.LogDeadLettersDuringShutdown && _deadLetterListener is not null) Stop(_deadLetterListener);
        _user.Stop();
        return WhenTerminated;
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_callbackLock)
        {
            if (_callbacks is null) throw new InvalidOperationException("ActorSystem already terminated.");
            _callbacks.Push(code);
        }
    }

    public override object RegisterExtension(IExtensionId extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return _extensions.GetOrAdd(extension.ExtensionType, _ => new Lazy<object>(() => extension.CreateExtension(this))).Value;
    }

    public override object GetExtension(IExtensionId extensionId) =>
        _extensions.TryGetValue(extensionId.ExtensionType, out var extension) ? extension.Value : null!;

    public override T GetExtension<T>() => _extensions.TryGetValue(typeof(T), out var extension) ? (T)extension.Value : null!;

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => _extensions.ContainsKey(typeof(T));

    public override string ToString() => _rootPath.Address.ToString();

    /// <summary>A type by the name that it has in a configuration; those of the engine may claim to be Akka's.</summary>
    public Type? FindType(string name)
    {
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        var own = comma < 0 ? name : name[(comma + 1)..].Trim() == "Akka" ? name[..comma] : null;
        return (own is null ? null : typeof(ActorSystemImpl).Assembly.GetType(own.Trim())) ?? Type.GetType(name);
    }

    public MessageDispatcher DispatcherOf(Props props, ActorCell parent, string? name)
    {
        if (props.DispatcherId is not { } id) return Dispatchers.DefaultGlobalDispatcher;
        return Dispatchers.HasDispatcher(id) ? Dispatchers.Lookup(id)
            : throw new ConfigurationException($"Dispatcher [{id}] not configured for path {parent.Path / (name ?? "$")}");
    }

    public ActorPath NextTempPath() => _tempPath / ChildTable.NameOf(Interlocked.Increment(ref _tempNumber));

    /// <summary>The last actor has stopped.</summary>
    public void RootTerminated() => ThreadPool.QueueUserWorkItem(static self => self.RunCallbacks(), this, false);

    private IActorRef RootAt(Address address) => address == _rootPath.Address ? _root : DeadLetters;

    private void RunCallbacks()
    {
        Stack<Action>? callbacks;
        lock (_callbackLock)
        {
            callbacks = _callbacks;
            _callbacks = null;
        }
        while (callbacks is { Count: > 0 })
        {
            try
            {
                callbacks.Pop()();
            }
            catch (Exception e)
            {
                Log.Error(e, "Exception in a termination callback");
            }
        }
        Timers.Dispose();
        Dispatchers.Shutdown();
        _terminated.TrySetResult();
    }

    private void LoadExtensions()
    {
        foreach (var name in Settings.Config.GetStringList("akka.extensions"))
        {
            if (FindType(name) is not { IsClass: true, IsAbstract: false } type || !typeof(IExtensionId).IsAssignableFrom(type))
            {
                Log.Error("[{0}] is not an 'ExtensionId', skipping...", name);
                continue;
            }
            try
            {
                RegisterExtension((IExtensionId)Activator.CreateInstance(type)!);
            }
            catch (Exception e)
            {
                Log.Error(e, "While trying to load extension [{0}], skipping...", name);
            }
        }
    }
}
