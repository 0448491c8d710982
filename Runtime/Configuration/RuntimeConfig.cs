using Ouroboros.Layers.Ipcp;
using Ouroboros.Pool;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Runtime.Configuration;

/// <summary>All that a runtime is started with, validated. Read from HOCON or <c>IConfiguration</c>, or made in code.</summary>
public sealed record RuntimeConfig
{
    /// <summary>Name of the runtime and of its actor system; letters, digits and dashes.</summary>
    public string Name { get; init; } = "ouroboros";

    /// <summary>Time-outs and limits of the IRMd.</summary>
    public IrmdSettings Irmd { get; init; } = new();

    /// <summary>The packet pool of the privileged trust domain.</summary>
    public PacketPoolOptions GlobalPool { get; init; } = new() { Counts = PoolCounts.Global };

    /// <summary>The packet pools of other users.</summary>
    public PacketPoolOptions UserPool { get; init; } = new() { Counts = PoolCounts.User };

    /// <summary>The socket of the daemon.</summary>
    public ControlSettings Control { get; init; } = new();

    /// <summary>Bounds of handshakes.</summary>
    public SecuritySettings Security { get; init; } = new();

    /// <summary>What is logged and where to.</summary>
    public LogSettings Log { get; init; } = new();

    /// <summary>Names, made before any IPCP.</summary>
    public IReadOnlyList<NameConfig> Names { get; init; } = [];

    /// <summary>IPCPs, in the order in which they are made.</summary>
    public IReadOnlyList<IpcpStanza> Ipcps { get; init; } = [];

    /// <summary>Whether a stanza that fails ends the runtime (the reference does) or is logged and left out.</summary>
    public bool StopOnFailure { get; init; } = true;

    /// <summary>Settings of the actor system as HOCON text, e.g. <c>akka { loglevel = DEBUG }</c>.</summary>
    public string ActorSystemHocon { get; init; } = "";

    /// <summary>Seed of every random choice; null = from the system.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether the memory of the process is kept in large pages; see <see cref="Memory.LargePages"/>.</summary>
    public bool LargePages { get; init; }

    /// <summary>What is allowed but does nothing; logged when the runtime starts. Each begins with its position and path.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A name and the programs bound to it.</summary>
/// <param name="Info">The name.</param>
/// <param name="Programs">Programs, the first autostart one is started on demand.</param>
public sealed record NameConfig(NameInfo Info, IReadOnlyList<ProgramBinding> Programs);

/// <summary>A program bound to a name.</summary>
/// <param name="Program">What to start.</param>
/// <param name="AutoStart">Whether to start it on demand.</param>
public sealed record ProgramBinding(ProgramCommand Program, bool AutoStart);

/// <summary>An IPCP to be made, and what is to be done with it.</summary>
/// <param name="Name">Unique in the runtime.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Path">Where it stands in the configuration, for errors: <c>ouroboros.local.lo</c>.</param>
public sealed record IpcpStanza(string Name, IpcpType Type, string Path)
{
    /// <summary>Bootstrap with this; null = do not.</summary>
    public IpcpConfig? Bootstrap { get; init; }

    /// <summary>Enrol with the member that accepts flows for this name; null = do not.</summary>
    public string? Enrol { get; init; }

    /// <summary>Options of its own for a member that enrols.</summary>
    public IpcpConfig? Own { get; init; }

    /// <summary>Bind the IPCP to its own name and that of the layer.</summary>
    public bool AutoBind { get; init; }

    /// <summary>Names to connect to, after enrolment and before registration.</summary>
    public IReadOnlyList<string> Connect { get; init; } = [];

    /// <summary>Names to register in the layer.</summary>
    public IReadOnlyList<string> Register { get; init; } = [];

    /// <summary>How often a failed enrolment is tried again.</summary>
    public int Retry { get; init; }

    /// <summary>Position; ties by name.</summary>
    public int Order { get; init; }
}
