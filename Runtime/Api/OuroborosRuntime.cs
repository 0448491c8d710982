using Akka.Actor;
using Ouroboros.Layers.Rib;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Inspection;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;

namespace Ouroboros;

/// <summary>
/// A node of the network in this process: the IRMd, its layers and their flows as one tree of supervised actors. Attach applications to it
/// to use flows, manage it with <see cref="Irm"/>, look into it with <see cref="Inspect"/>.
/// </summary>
public sealed class OuroborosRuntime : IAsyncDisposable
{
    private readonly RuntimeServices _services;
    private int _stopped;

    private OuroborosRuntime(RuntimeServices services, ActorSystem system)
    {
        _services = services;
        System = system;
        Irm = new IrmClient(services.Irmd, Credentials.Current() with { Uid = 0, Gid = 0 });
    }

    /// <summary>The actor system; its tree is <c>/user/irmd/...</c>.</summary>
    public ActorSystem System { get; }

    /// <summary>Management with the rights of whoever embeds the runtime.</summary>
    public IrmClient Irm { get; }

    /// <summary>What it was started with.</summary>
    public RuntimeConfig Config => _services.Config;

    /// <summary>The clock of everything in it.</summary>
    public TimeProvider Time => _services.Time;

    /// <summary>Starts a runtime and applies its configuration.</summary>
    /// <param name="config">Names, layers, settings.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="security">The handshake of flow allocation; OAP with the security files of names when null.</param>
    /// <param name="services">In-process services by program name, started when a name they are bound to is asked for.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="FlowException">A stanza could not be applied; the message begins with its HOCON path. Nothing is left running.</exception>
    public static async Task<OuroborosRuntime> StartAsync(
        RuntimeConfig config,
        TimeProvider? time = null,
        IFlowSecurity? security = null,
        IReadOnlyDictionary<string, ServiceMain>? services = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        time ??= TimeProvider.System;
        var shared = new RuntimeServices(config, time, security);
        OuroborosRuntime runtime;
        try
        {
            var system = ActorSystemFactory.Create(config.Name, config.ActorSystemHocon, time);
            runtime = new OuroborosRuntime(shared, system);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or Akka.Configuration.ConfigurationException)
        {
            shared.Dispose();
            throw new FlowException(FlowError.InvalidArgument, $"akka: the actor system does not start with these settings: {e.Message}", e);
        }
        catch
        {
            shared.Dispose();
            throw;
        }
        try
        {
            shared.Programs.Runtime = runtime;
            foreach (var (name, main) in services ?? new Dictionary<string, ServiceMain>()) shared.Programs.AddService(name, main);
            IrmdGuard.Start(runtime.System, shared);
            await ConfigApplier.ApplyAsync(runtime.Irm, config, time, shared.Security as OapFlowSecurity, cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Attaches an application.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.IrmdUnreachable"/> when the runtime is stopped.</exception>
    public async Task<Application> AttachAsync(Credentials credentials, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var attached = await Manage(credentials)
            .Ask<IrmProtocol.Attached>(new IrmProtocol.Attach(credentials), cancellationToken).ConfigureAwait(false);
        var rib = new ApplicationRib(attached.ProcessId);
        var application = new Application(
            new InProcessHost(_services.Irmd, credentials, attached.ProcessId, rib, Rib), credentials, attached, Time, Config.Irmd.MaxFlowsPerApplication)
        {
            DisableCrc = Config.Irmd.DisableCrc,
        };
        rib.Application = application;
        Rib.Add(rib.Name, rib);
        return application;
    }

    /// <summary>Attaches an application with this process's own credentials under a program name.</summary>
    public Task<Application> AttachAsync(string program, CancellationToken cancellationToken = default) =>
        AttachAsync(Irm.Caller with { Name = program }, cancellationToken);

    /// <summary>Management on behalf of somebody else, with his rights.</summary>
    public IrmClient Manage(Credentials caller) => new(_services.Irmd, caller);

    /// <summary>Adds an in-process service that programs' bindings can name.</summary>
    public void AddService(string program, ServiceMain main) => _services.Programs.AddService(program, main);

    /// <summary>Every live actor: path, type, state, mailbox depth, restarts, last failure.</summary>
    public ActorNode Inspect() => ActorTree.Read(System, _services.Failures);

    /// <summary>What layers and flows show of themselves, as the reference's file system does (tools-and-rib.md 9).</summary>
    public RibTree Rib => _services.Rib;

    /// <summary>Packet memory of every trust domain: pools and copies.</summary>
    public IReadOnlyList<Pool.PoolStatistics> PoolStatistics => _services.Domains.Statistics;

    /// <summary>Threads of handshakes: how many there are, jobs that wait for one, jobs that one is at.</summary>
    internal (int Threads, int Waiting, int Running) HandshakeThreads => _services.Handshakes.State;

    internal bool IsPrivileged(Credentials caller) => _services.Privileges.IsPrivileged(caller.Uid, caller.Gid);

    /// <summary>Reads the security files that a name gives, so that whoever gives them hears what is wrong with them.</summary>
    /// <exception cref="FlowException">They cannot be used; says which and why.</exception>
    internal void CheckSecurity(NameInfo name)
    {
        if (name.Security is not null || name.Server is not null || name.Client is not null) (_services.Security as OapFlowSecurity)?.Check(name);
    }

    /// <summary>Stops services and programs, releases all flows, stops the actors and gives the packet memory back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        _services.Stopping = true;
        _services.Irmd.Current.Tell(FlowProtocol.Stopping.Instance, ActorRefs.NoSender);
        await _services.Programs.StopAsync(Config.Irmd.KillTimeout).ConfigureAwait(false);
        await System.Terminate().ConfigureAwait(false);
        _services.Irmd.Stop();
        _services.Dispose();
    }
}
