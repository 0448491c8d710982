namespace Ouroboros.Runtime.Irmd;

/// <summary>The constants of the IRMd (irmd.md section 13), under <c>ouroboros.irmd</c> in HOCON. Defaults are the reference's.</summary>
public sealed record IrmdSettings
{
    /// <summary>How long a request waits for a local acceptor; again after an autostart.</summary>
    public TimeSpan RequestArrivalTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Default deadline of an allocation.</summary>
    public TimeSpan FlowAllocTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a layer may take to say whether it has a name.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an IPCP may take to bootstrap.</summary>
    public TimeSpan BootstrapTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an IPCP may take to enrol.</summary>
    public TimeSpan EnrollTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an IPCP may take to connect.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an IPCP may take to register a name.</summary>
    public TimeSpan RegTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an IPCP may take for anything else.</summary>
    public TimeSpan IpcpTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long started programs have to end after SIGTERM before they are killed.</summary>
    public TimeSpan KillTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether two applications of one trust domain get a flow without any layer.</summary>
    public bool DirectIpc { get; init; } = true;

    /// <summary>Whether flows are allocated without a CRC whatever was asked for.</summary>
    public bool DisableCrc { get; init; } = true;

    /// <summary>Flow ids run from 1 to this minus 1.</summary>
    public int MaxFlows { get; init; } = 10240;

    /// <summary>Descriptors of one application run from 64 to this minus 1.</summary>
    public int MaxFlowsPerApplication { get; init; } = 4096;

    /// <summary>Members of this group are privileged, as uid 0 is.</summary>
    public string Group { get; init; } = "ouroboros";

    /// <summary>Where the default security files of names lie.</summary>
    public string SecurityDir { get; init; } = "/etc/ouroboros/security";

    /// <summary>How long after an IPCP could not be put back into its layer that is tried again first; doubled from then on.</summary>
    public TimeSpan RecoveryRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time between two tries.</summary>
    public TimeSpan RecoveryRetryLongest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Failures of one IPCP within <see cref="FailureWindow"/> after which it is left stopped.</summary>
    public int MaxFailures { get; init; } = 5;

    /// <summary>See <see cref="MaxFailures"/>.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(1);
}
