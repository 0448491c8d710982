using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Pool;

namespace Ouroboros.Runtime.Irmd.Protocol;

/// <summary>
/// The IRMd's commands, one record for each command of the reference's tool. The sender is answered with the result named in the summary,
/// or with <see cref="Akka.Actor.Status.Failure"/> around a <see cref="FlowException"/>. Commands that change anything need a privileged
/// caller.
/// </summary>
public static class IrmProtocol
{
    /// <summary>A command.</summary>
    /// <param name="Caller">On whose behalf.</param>
    public abstract record Command(Credentials Caller);

    /// <summary>It was done.</summary>
    public sealed record Done
    {
        /// <summary>The only one.</summary>
        public static Done Instance { get; } = new();
    }

    /// <summary>Makes an IPCP. Result: <see cref="IpcpInfo"/>.</summary>
    public sealed record CreateIpcp(Credentials Caller, string Name, IpcpType Type) : Command(Caller);

    /// <summary>Stops and forgets an IPCP. Result: <see cref="Done"/>.</summary>
    public sealed record DestroyIpcp(Credentials Caller, int Id) : Command(Caller);

    /// <summary>Makes a layer. Result: <see cref="IpcpInfo"/>.</summary>
    public sealed record BootstrapIpcp(Credentials Caller, int Id, IpcpConfig Config) : Command(Caller);

    /// <summary>Joins a layer. Result: <see cref="IpcpInfo"/>.</summary>
    public sealed record EnrollIpcp(Credentials Caller, int Id, string Destination, IpcpConfig? Own = null) : Command(Caller);

    /// <summary>Connects a component (<c>Management</c> or <c>Data Transfer</c>). Result: <see cref="Done"/>.</summary>
    public sealed record ConnectIpcp(Credentials Caller, int Id, string Destination, string Component, QosSpec Qos) : Command(Caller);

    /// <summary>Takes a connection down. Result: <see cref="Done"/>.</summary>
    public sealed record DisconnectIpcp(Credentials Caller, int Id, string Destination, string Component) : Command(Caller);

    /// <summary>Result: list of <see cref="IpcpInfo"/>, by type, then by number.</summary>
    public sealed record ListIpcps(Credentials Caller) : Command(Caller);

    /// <summary>Lets a program (executable or in-process service) accept for a name. Result: <see cref="Done"/>.</summary>
    public sealed record BindProgram(Credentials Caller, ProgramCommand Program, string Name, bool AutoStart) : Command(Caller);

    /// <summary>Undoes it for one name, or for all when <paramref name="Name"/> is null. Result: <see cref="Done"/>.</summary>
    public sealed record UnbindProgram(Credentials Caller, string Program, string? Name) : Command(Caller);

    /// <summary>Lets a running process (an application or an IPCP) accept for a name. Result: <see cref="Done"/>.</summary>
    public sealed record BindProcess(Credentials Caller, int ProcessId, string Name) : Command(Caller);

    /// <summary>Undoes it for one name, or for all when <paramref name="Name"/> is null. Result: <see cref="Done"/>.</summary>
    public sealed record UnbindProcess(Credentials Caller, int ProcessId, string? Name) : Command(Caller);

    /// <summary>Makes a name known; one that is there is left as it is. Result: <see cref="Done"/>.</summary>
    public sealed record CreateName(Credentials Caller, NameInfo Info) : Command(Caller);

    /// <summary>Gives a name other security options, all of them. Result: <see cref="Done"/>.</summary>
    public sealed record SecureName(Credentials Caller, NameInfo Info) : Command(Caller);

    /// <summary>Forgets a name, in the layers too. Result: <see cref="Done"/>.</summary>
    public sealed record DestroyName(Credentials Caller, string Name) : Command(Caller);

    /// <summary>Result: list of <see cref="NameInfo"/>, sorted.</summary>
    public sealed record ListNames(Credentials Caller) : Command(Caller);

    /// <summary>Makes a name reachable through an IPCP's layer. Result: <see cref="Done"/>.</summary>
    public sealed record RegisterName(Credentials Caller, string Name, int IpcpId) : Command(Caller);

    /// <summary>Undoes it. Result: <see cref="Done"/>.</summary>
    public sealed record UnregisterName(Credentials Caller, string Name, int IpcpId) : Command(Caller);

    /// <summary>Result: list of <see cref="FlowInfo"/>, by id.</summary>
    public sealed record ListFlows(Credentials Caller) : Command(Caller);

    /// <summary>Result: list of <see cref="ProcessInfo"/>, by id.</summary>
    public sealed record ListProcesses(Credentials Caller) : Command(Caller);

    /// <summary>Announces an application. Result: <see cref="Attached"/>.</summary>
    public sealed record Attach(Credentials Caller) : Command(Caller);

    /// <summary>An application is attached.</summary>
    /// <param name="ProcessId">Its number.</param>
    /// <param name="Pool">The pool of its trust domain.</param>
    public sealed record Attached(int ProcessId, PacketPool Pool);

    /// <summary>An application leaves; its flows are released. Result: <see cref="Done"/>.</summary>
    public sealed record Detach(Credentials Caller, int ProcessId) : Command(Caller);
}
