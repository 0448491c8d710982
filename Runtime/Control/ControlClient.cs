using System.Net.Sockets;
using Google.Protobuf;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Rib;
using Ouroboros.Pool;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Runtime.Inspection;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// Management of a daemon over its socket: the calls of <see cref="IrmClient"/>, from another process. Works with the reference's daemon
/// too, as far as that goes. Each call is a connection of its own and fails with a <see cref="FlowException"/>:
/// <see cref="FlowError.IrmdUnreachable"/> when no daemon answers, <see cref="FlowError.NotPermitted"/> without the right to connect,
/// <see cref="FlowError.NotSupported"/> when the daemon does not have the command, else what the daemon says.
/// </summary>
public sealed class ControlClient
{
    private const int BusyRetries = 100;
    private const int MaxFlows = 4096;
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time;

    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <param name="socket">Path of the socket; null = <see cref="ControlProtocol.ResolveSocket"/>.</param>
    /// <param name="time">The clock of its pauses.</param>
    public ControlClient(string? socket = null, TimeProvider? time = null)
    {
        Path = ControlProtocol.ResolveSocket(socket);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Path of the socket.</summary>
    public string Path { get; }

    /// <summary>Makes an IPCP.</summary>
    /// <returns>Its number; null from the reference's daemon, which does not say.</returns>
    public async Task<int?> CreateIpcpAsync(string name, IpcpType type, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(Requests.CreateIpcp(name, type), cancellationToken).ConfigureAwait(false);
        return (int?)reply.IpcpInfo?.Pid;
    }

    /// <summary>Stops an IPCP and forgets it.</summary>
    public Task DestroyIpcpAsync(int id, CancellationToken cancellationToken = default) => AskAsync(Requests.DestroyIpcp(id), cancellationToken);

    /// <summary>Makes a layer.</summary>
    public Task BootstrapIpcpAsync(int id, LayerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AskAsync(Requests.BootstrapIpcp(id, options), cancellationToken);
    }

    /// <summary>Joins the layer of the member that accepts flows for <paramref name="destination"/>.</summary>
    public Task EnrollIpcpAsync(int id, string destination, CancellationToken cancellationToken = default) =>
        AskAsync(Requests.EnrollIpcp(id, destination), cancellationToken);

    /// <summary>Connects a component, <see cref="ControlProtocol.Management"/> or <see cref="ControlProtocol.DataTransfer"/>.</summary>
    public Task ConnectIpcpAsync(int id, string destination, string component, QosSpec qos, CancellationToken cancellationToken = default) =>
        AskAsync(Requests.ConnectIpcp(id, destination, component, qos), cancellationToken);

    /// <summary>Takes a connection down.</summary>
    public Task DisconnectIpcpAsync(int id, string destination, string component, CancellationToken cancellationToken = default) =>
        AskAsync(Requests.DisconnectIpcp(id, destination, component), cancellationToken);

    /// <summary>All IPCPs, by type, then by number.</summary>
    public async Task<IReadOnlyList<IpcpInfo>> ListIpcpsAsync(CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(Requests.ListIpcps(), cancellationToken).ConfigureAwait(false);
        return [.. reply.Ipcps.Select(Mapping.FromWire)];
    }

    /// <summary>Lets a program accept for a name, which is made if need be.</summary>
    public Task BindProgramAsync(ProgramCommand program, string name, bool autoStart = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        return AskAsync(Requests.BindProgram(program, name, autoStart), cancellationToken);
    }

    /// <summary>Undoes it for one name, or for all.</summary>
    public Task UnbindProgramAsync(string program, string? name = null, CancellationToken cancellationToken = default) =>
        AskAsync(Requests.UnbindProgram(program, name), cancellationToken);

    /// <summary>Lets a running process or IPCP accept for a name, which is made if need be.</summary>
    public Task BindProcessAsync(int processId, string name, CancellationToken cancellationToken = default) =>
        AskAsync(Requests.BindProcess(processId, name), cancellationToken);

    /// <summary>Undoes it for one name, or for all.</summary>
    public Task UnbindProcessAsync(int processId, string? name = null, CancellationToken cancellationToken = default) =>
        AskAsync(Requests.UnbindProcess(processId, name), cancellationToken);

    /// <summary>Makes a name known.</summary>
    public Task CreateNameAsync(NameInfo info, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(info);
        return AskAsync(Requests.CreateName(info, extended: true), cancellationToken);
    }

    /// <summary>Gives a name other security options, all of them.</summary>
    public Task SecureNameAsync(NameInfo info, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(info);
        return AskAsync(Requests.SecureName(info), cancellationToken);
    }

    /// <summary>Forgets a name.</summary>
    public Task DestroyNameAsync(string name, CancellationToken cancellationToken = default) => AskAsync(Requests.DestroyName(name), cancellationToken);

    /// <summary>All names, in the daemon's order.</summary>
    public async Task<IReadOnlyList<NameInfo>> ListNamesAsync(CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(Requests.ListNames(), cancellationToken).ConfigureAwait(false);
        return [.. reply.Names.Select(Mapping.FromWire)];
    }

    /// <summary>Makes a name reachable through an IPCP's layer.</summary>
    public Task RegisterNameAsync(string name, int ipcpId, CancellationToken cancellationToken = default) =>
        AskAsync(Requests.RegisterName(name, ipcpId), cancellationToken);

    /// <summary>Undoes it.</summary>
    public Task UnregisterNameAsync(string name, int ipcpId, CancellationToken cancellationToken = default) =>
        AskAsync(Requests.UnregisterName(name, ipcpId), cancellationToken);

    /// <summary>All flows, by id. The reference's daemon does not have this.</summary>
    public async Task<IReadOnlyList<FlowInfo>> ListFlowsAsync(CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(Requests.ListFlows(), cancellationToken).ConfigureAwait(false);
        return [.. reply.Flows.Select(Mapping.FromWire)];
    }

    /// <summary>All processes, by number. The reference's daemon does not have this.</summary>
    public async Task<IReadOnlyList<ProcessInfo>> ListProcessesAsync(CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(Requests.ListProcesses(), cancellationToken).ConfigureAwait(false);
        return Mapping.FromWire(reply.Processes);
    }

    /// <summary>The daemon's live actors. The reference's daemon does not have this.</summary>
    public async Task<ActorNode> InspectAsync(CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(Requests.Inspect(), cancellationToken).ConfigureAwait(false);
        return Mapping.FromWire(reply.Actors) ?? throw new FlowException(FlowError.IrmdUnreachable, "the daemon sent no actors");
    }

    /// <summary>
    /// Everything in the daemon's RIB below a path, parents first; see <see cref="RibTree.ListAsync"/>. <see cref="FlowError.NameUnknown"/> when there is
    /// no such path. The reference's daemon does not have this.
    /// </summary>
    public async Task<IReadOnlyList<RibEntry>> ListRibAsync(string path = "", CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(Requests.ListRib(path), cancellationToken).ConfigureAwait(false);
        return [.. reply.Rib.Select(RibMapping.FromWire)];
    }

    /// <summary>A file of the daemon's RIB. <see cref="FlowError.NameUnknown"/> when there is none of that path. The reference's daemon does not have this.</summary>
    public async Task<RibFile> ReadRibAsync(string path, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(Requests.ReadRib(path), cancellationToken).ConfigureAwait(false);
        return RibMapping.FileFromWire(reply.Rib);
    }

    /// <summary>
    /// Attaches this process to the daemon as an application: flows are allocated and accepted there, their packets copied over
    /// connections of their own. <see cref="FlowError.NotSupported"/> from the reference's daemon, which shares memory instead.
    /// </summary>
    /// <param name="program">What program bindings call it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Application> AttachAsync(string program, CancellationToken cancellationToken = default)
    {
        var (life, reply) = await OpenAsync(Requests.Announce(program, Environment.ProcessId), cancellationToken).ConfigureAwait(false);
        if (!reply.HasExtensions)
        {
            life.Dispose();
            await AskAsync(Requests.Exit(Environment.ProcessId), cancellationToken).ConfigureAwait(false);
            throw new FlowException(FlowError.NotSupported, $"the daemon at {Path} is the reference's and carries flows in shared memory, which is not supported; use our irmd");
        }
        var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous, TimeProvider = _time });
        var host = new RemoteHost(this, life, reply.Pid, pool, _time);
        return new Application(host, Credentials.Current(program), new IrmProtocol.Attached(reply.Pid, pool), _time, MaxFlows);
    }

    internal async Task<IrmMsg> AskAsync(IrmMsg request, CancellationToken cancellationToken)
    {
        var (socket, reply) = await OpenAsync(request, cancellationToken).ConfigureAwait(false);
        socket.Dispose();
        return reply;
    }

    /// <summary>Asks, and leaves the connection open.</summary>
    internal async Task<(Socket Connection, IrmMsg Reply)> OpenAsync(IrmMsg request, CancellationToken cancellationToken)
    {
        request.Extensions = ControlProtocol.Extensions;
        var record = request.ToByteArray();
        if (record.Length > ControlProtocol.MaxRecord)
        {
            throw new FlowException(FlowError.MessageTooLong, $"the command takes {record.Length} bytes, more than the {ControlProtocol.MaxRecord} of a record; shorten it");
        }
        var socket = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await socket.SendAsync(record, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            var reply = await ReceiveAsync(socket, cancellationToken).ConfigureAwait(false);
            return reply.Result == 0 ? (socket, reply) : throw Failure(request.Code, reply);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new FlowException(FlowError.IrmdUnreachable, $"the daemon at {Path} went away: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private FlowException Failure(IrmCode command, IrmMsg reply)
    {
        if (!reply.HasExtensions && command >= IrmCode.ListFlows) return new FlowException(FlowError.NotSupported, $"the daemon at {Path} does not have this command");
        var error = (FlowError)(-reply.Result);
        return new FlowException(error, reply.HasErrorText ? reply.ErrorText : ErrorTexts.Of(error));
    }

    // The system's words for a file that is not there speak of an address.
    private string Reason(SocketException e) => File.Exists(Path) ? e.Message : "there is no such file";

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellationToken).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain && attempt < BusyRetries)
            {
                // The reference's daemon has no queue for connections to speak of.
                socket.Dispose();
                await Task.Delay(BusyPause, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                throw e.SocketErrorCode == SocketError.AccessDenied
                    ? new FlowException(FlowError.NotPermitted, $"no right to connect to {Path}: {e.Message}", e)
                    : new FlowException(
                        FlowError.IrmdUnreachable, $"no daemon listens at {Path} ({Reason(e)}); start irmd, or name its socket with --socket or {ControlProtocol.SocketVariable}", e);
            }
            catch (ArgumentException e)
            {
                socket.Dispose();
                throw new FlowException(FlowError.InvalidArgument, $"{Path} cannot be the path of a socket: {e.Message}", e);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task<IrmMsg> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        var reply = new IrmMsg();
        var buffer = new byte[ControlProtocol.MaxRecord + 1];
        do
        {
            reply.ClearMore();
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (length == 0) throw new FlowException(FlowError.IrmdUnreachable, $"the daemon at {Path} closed the connection without an answer");
            try
            {
                // Lists grow by what each record has.
                reply.MergeFrom(buffer.AsSpan(0, length));
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
            {
                throw new FlowException(FlowError.IrmdUnreachable, $"the daemon at {Path} answered what cannot be read: {e.Message}", e);
            }
        }
        while (reply.More);
        if (reply.HasCode && reply.Code == IrmCode.Reply && reply.HasResult) return reply;
        throw new FlowException(FlowError.IrmdUnreachable, $"the daemon at {Path} answered with a message that is no reply");
    }
}
