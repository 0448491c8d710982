using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros;

/// <summary>
/// Management of a runtime: the commands of the reference's <c>irm</c> tool as asynchronous calls. Each fails with a
/// <see cref="FlowException"/>: <see cref="FlowError.NotPermitted"/> for a caller who is neither uid 0 nor in the group <c>ouroboros</c>,
/// <see cref="FlowError.IrmdUnreachable"/> when the runtime is stopped, else the error that the command's summary names.
/// </summary>
public sealed class IrmClient
{
    // Longer than the longest command of the IRMd itself, which answers with its own time-out first.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IrmdHandle _irmd;
    private readonly Credentials _caller;

    /// <summary>On whose behalf it acts.</summary>
    public Credentials Caller => _caller;

    internal IrmClient(IrmdHandle irmd, Credentials caller)
    {
        _irmd = irmd;
        _caller = caller;
    }

    /// <summary>Makes an IPCP; <see cref="FlowError.AlreadyExists"/> when the name is taken.</summary>
    public Task<IpcpInfo> CreateIpcpAsync(string name, IpcpType type, CancellationToken cancellationToken = default) =>
        Ask<IpcpInfo>(new IrmProtocol.CreateIpcp(_caller, name, type), cancellationToken);

    /// <summary>Stops an IPCP and forgets it; its flows go down. <see cref="FlowError.IpcpFailed"/> when there is none.</summary>
    public Task DestroyIpcpAsync(int id, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.DestroyIpcp(_caller, id), cancellationToken);

    /// <summary>Makes a layer; <see cref="FlowError.WrongIpcpState"/> when the IPCP is in one already.</summary>
    public Task<IpcpInfo> BootstrapIpcpAsync(int id, IpcpConfig config, CancellationToken cancellationToken = default) =>
        Ask<IpcpInfo>(new IrmProtocol.BootstrapIpcp(_caller, id, config), cancellationToken);

    /// <summary>Joins the layer of the member that accepts flows for <paramref name="destination"/>.</summary>
    public Task<IpcpInfo> EnrollIpcpAsync(int id, string destination, CancellationToken cancellationToken = default) =>
        EnrollIpcpAsync(id, destination, own: null, cancellationToken);

    /// <summary>Joins a layer with options that are this member's own; the layer's come with the enrolment.</summary>
    public Task<IpcpInfo> EnrollIpcpAsync(int id, string destination, IpcpConfig? own, CancellationToken cancellationToken = default) =>
        Ask<IpcpInfo>(new IrmProtocol.EnrollIpcp(_caller, id, destination, own), cancellationToken);

    /// <summary>Connects a component, <c>Management</c> or <c>Data Transfer</c>, to another member.</summary>
    public Task ConnectIpcpAsync(int id, string destination, string component, QosSpec qos, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.ConnectIpcp(_caller, id, destination, component, qos), cancellationToken);

    /// <summary>Takes a connection down.</summary>
    public Task DisconnectIpcpAsync(int id, string destination, string component, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.DisconnectIpcp(_caller, id, destination, component), cancellationToken);

    /// <summary>All IPCPs, by type, then by number.</summary>
    public Task<IReadOnlyList<IpcpInfo>> ListIpcpsAsync(CancellationToken cancellationToken = default) =>
        Ask<IReadOnlyList<IpcpInfo>>(new IrmProtocol.ListIpcps(_caller), cancellationToken);

    /// <summary>Lets a program accept for a name, which is made if need be; with <paramref name="autoStart"/> it is started on demand.</summary>
    public Task BindProgramAsync(ProgramCommand program, string name, bool autoStart = false, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.BindProgram(_caller, program, name, autoStart), cancellationToken);

    /// <summary>Undoes it for one name, or for all; takes the path or its last component.</summary>
    public Task UnbindProgramAsync(string program, string? name = null, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.UnbindProgram(_caller, program, name), cancellationToken);

    /// <summary>Lets a running application or IPCP accept for a name, which is made if need be.</summary>
    public Task BindProcessAsync(int processId, string name, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.BindProcess(_caller, processId, name), cancellationToken);

    /// <summary>Undoes it for one name, or for all.</summary>
    public Task UnbindProcessAsync(int processId, string? name = null, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.UnbindProcess(_caller, processId, name), cancellationToken);

    /// <summary>Makes a name known; one that is there is left as it is.</summary>
    public Task CreateNameAsync(NameInfo info, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.CreateName(_caller, info), cancellationToken);

    /// <summary>
    /// Gives a name other security options, all of them: what is not given is the default again. Flows that are asked for from now on have them.
    /// <see cref="FlowError.NameUnknown"/>.
    /// </summary>
    public Task SecureNameAsync(NameInfo info, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.SecureName(_caller, info), cancellationToken);

    /// <summary>Forgets a name, in the layers too; <see cref="FlowError.NameUnknown"/> when there is none.</summary>
    public Task DestroyNameAsync(string name, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.DestroyName(_caller, name), cancellationToken);

    /// <summary>All names, sorted.</summary>
    public Task<IReadOnlyList<NameInfo>> ListNamesAsync(CancellationToken cancellationToken = default) =>
        Ask<IReadOnlyList<NameInfo>>(new IrmProtocol.ListNames(_caller), cancellationToken);

    /// <summary>Makes a name reachable through an IPCP's layer.</summary>
    public Task RegisterNameAsync(string name, int ipcpId, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.RegisterName(_caller, name, ipcpId), cancellationToken);

    /// <summary>Undoes it.</summary>
    public Task UnregisterNameAsync(string name, int ipcpId, CancellationToken cancellationToken = default) =>
        Ask<IrmProtocol.Done>(new IrmProtocol.UnregisterName(_caller, name, ipcpId), cancellationToken);

    /// <summary>All flows, by id.</summary>
    public Task<IReadOnlyList<FlowInfo>> ListFlowsAsync(CancellationToken cancellationToken = default) =>
        Ask<IReadOnlyList<FlowInfo>>(new IrmProtocol.ListFlows(_caller), cancellationToken);

    /// <summary>All processes, by number.</summary>
    public Task<IReadOnlyList<ProcessInfo>> ListProcessesAsync(CancellationToken cancellationToken = default) =>
        Ask<IReadOnlyList<ProcessInfo>>(new IrmProtocol.ListProcesses(_caller), cancellationToken);

    internal async Task<T> Ask<T>(IrmProtocol.Command command, CancellationToken cancellationToken)
    {
        if (_irmd.Stopped.IsCancellationRequested) throw Stopped();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _irmd.Stopped);
        try
        {
            return await _irmd.Current.Ask<T>(command, Patience, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Stopped();
        }
        catch (AskTimeoutException e)
        {
            throw new FlowException(FlowError.IrmdUnreachable, $"the IRMd did not answer {command.GetType().Name} within {Patience.TotalSeconds} s; is the runtime stopped?", e);
        }
    }

    private static FlowException Stopped() => new(FlowError.IrmdUnreachable, "the runtime has been stopped; start it again");
}
