using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Oap;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Layers.Rib;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Inspection;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Registry;
using Ouroboros.Runtime.Memory;
using Ouroboros.Runtime.Security;
using Ouroboros.Runtime.Security.Handshakes;

namespace Ouroboros.Runtime.Actors;

/// <summary>
/// What outlives every actor of a runtime: configuration, the registry, packet memory, started programs. Actors get it when they are made,
/// and find it as it was when they are made again after a failure.
/// </summary>
internal sealed class RuntimeServices : IDisposable
{
    private readonly Random _random;
    private readonly IDisposable? _ownSecurity;
    private readonly LargePages? _largePages;
    private long _lastHandshake;

    /// <param name="config">What the runtime is started with.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="security">null = OAP with the security files of names.</param>
    public RuntimeServices(RuntimeConfig config, TimeProvider time, IFlowSecurity? security)
    {
        Config = config;
        Time = time;
        if (config.LargePages) _largePages = LargePages.Open();
        KeyMemory.Prepare(config.Security);
        if (security is null) _ownSecurity = (OapFlowSecurity)(security = MakeSecurity(config, time));
        Security = security;
        Handshakes = new HandshakeWorkers(config.Security, time);
        _random = config.Seed is { } seed ? new Random(seed) : new Random();
        Privileges = new Privileges(config.Irmd.Group);
        Registry = new RegistryState(config.Irmd.MaxFlows);
        // Whoever waits for packet memory waits on the runtime's clock.
        Domains = new TrustDomainTable(config.GlobalPool with { TimeProvider = time }, config.UserPool with { TimeProvider = time });
        FlowTimers = new TimerWheel(time);
        Programs = new ProgramStarter(time);
        Failures = new FailureLog();
        _largePages?.Run();
    }

    public RuntimeConfig Config { get; }

    public IrmdSettings Settings => Config.Irmd;

    public TimeProvider Time { get; }

    public IFlowSecurity Security { get; }

    /// <summary>The threads of handshakes.</summary>
    public HandshakeWorkers Handshakes { get; }

    /// <summary>Parent of the sagas of handshakes.</summary>
    public volatile Akka.Actor.IActorRef Oap = Akka.Actor.ActorRefs.Nobody;

    public Privileges Privileges { get; }

    public RegistryState Registry { get; }

    public TrustDomainTable Domains { get; }

    /// <summary>The timers of all flows.</summary>
    public TimerWheel FlowTimers { get; }

    public ProgramStarter Programs { get; }

    public FailureLog Failures { get; }

    /// <summary>What is to be seen of layers and flows.</summary>
    public RibTree Rib { get; } = new();

    public IrmdHandle Irmd { get; } = new();

    /// <summary>Who makes the IRMd again.</summary>
    public Akka.Actor.IActorRef Guard { get; set; } = Akka.Actor.ActorRefs.Nobody;

    /// <summary>The runtime is being stopped: what ends now is not to be made again.</summary>
    public volatile bool Stopping;

    /// <summary>A seed for a component's own random source.</summary>
    public int NextSeed()
    {
        lock (_random) return _random.Next();
    }

    /// <summary>Numbers of handshakes, never used twice.</summary>
    public long NextHandshake() => Interlocked.Increment(ref _lastHandshake);

    /// <summary>What the stages of a flow are made of.</summary>
    /// <param name="mpl">Maximum packet lifetime below.</param>
    /// <param name="cipher">null = not encrypted.</param>
    public FlowStageSettings StagesOf(TimeSpan mpl, IPacketCipher? cipher = null) => new()
    {
        Timers = FlowTimers,
        Mpl = mpl,
        Cipher = cipher,
        Random = Config.Seed is null ? null : new Random(NextSeed()),
    };

    public void Dispose()
    {
        _largePages?.Dispose();
        Handshakes.Dispose();
        _ownSecurity?.Dispose();
        FlowTimers.Dispose();
        Domains.Dispose();
    }

    private static OapFlowSecurity MakeSecurity(RuntimeConfig config, TimeProvider time)
    {
        var folder = config.Irmd.SecurityDir;
        try
        {
            return new OapFlowSecurity(new SecurityDirectory(folder), time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Crypto.OpenSsl.OpenSslException)
        {
            throw new FlowException(FlowError.AuthenticationFailed, $"ouroboros.irmd.security-dir: security files in {folder} cannot be used: {e.Message}", e);
        }
    }
}
