using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Runtime.Inspection;
using Ouroboros.Runtime.Irmd.Protocol;
using Serilog;

namespace Ouroboros.Runtime.Control;

/// <summary>Carries the requests of the daemon's socket out on a runtime, each with the rights of whoever sent it.</summary>
internal sealed class ControlCommands(OuroborosRuntime runtime, TimeProvider time, ILogger log) : IControlHandler
{
    private readonly RateLimitedLog _cut = new(log, time);
    private readonly AttachmentCommands _attachment = new(runtime);

    public async Task<ControlAnswer> ExecuteAsync(IrmMsg request, Credentials caller, CancellationToken cancellationToken)
    {
        var replies = Replies.To(request);
        try
        {
            return await _attachment.TryRunAsync(request, replies, caller, cancellationToken).ConfigureAwait(false)
                   ?? new ControlAnswer(await RunAsync(request, replies, runtime.Manage(caller), cancellationToken).ConfigureAwait(false));
        }
        catch (FlowException e)
        {
            log.Debug("{Code} of {Program} (uid {Uid}) failed with {Error}: {Message}", request.Code, caller.Name, caller.Uid, e.Error, e.Message);
            return new ControlAnswer(replies.Failed(e.Error, e.Message));
        }
        catch (ArgumentException e)
        {
            return new ControlAnswer(replies.Failed(FlowError.InvalidArgument, e.Message));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.Error(e, "{Code} of {Program} (uid {Uid}) failed", request.Code, caller.Name, caller.Uid);
            return new ControlAnswer(replies.Failed(FlowError.NotPermitted, $"the daemon could not do it ({e.GetType().Name}: {e.Message}); its log has more"));
        }
    }

    private async Task<IReadOnlyList<IrmMsg>> RunAsync(IrmMsg request, Replies replies, IrmClient irm, CancellationToken stop)
    {
        switch (request.Code)
        {
            case IrmCode.ListIpcps:
                var ipcps = await irm.ListIpcpsAsync(stop).ConfigureAwait(false);
                return List(replies, "IPCPs", replies.List(ipcps.Select(i => Mapping.ToWire(i, replies.Extended)), r => r.Ipcps, out var all), all);
            case IrmCode.ListNames:
                var names = await irm.ListNamesAsync(stop).ConfigureAwait(false);
                return List(replies, "names", replies.List(names.Select(n => Mapping.ToWire(n, paths: false)), r => r.Names, out all), all);
            case IrmCode.ListFlows:
                var flows = await irm.ListFlowsAsync(stop).ConfigureAwait(false);
                return List(replies, "flows", replies.List(flows.Select(Mapping.ToWire), r => r.Flows, out all), all);
            case IrmCode.ListProcesses:
                var processes = await irm.ListProcessesAsync(stop).ConfigureAwait(false);
                return List(replies, "processes", replies.List(processes.SelectMany(Mapping.ToWire), r => r.Processes, out all), all);
            case IrmCode.Inspect:
                return List(replies, "actors", replies.List(Mapping.ToWire(runtime.Inspect()), r => r.Actors, out all), all);
            case IrmCode.ListRib:
                var entries = await runtime.Rib.ListAsync(request.Path, stop).ConfigureAwait(false) ?? throw NotInRib(request.Path);
                return List(replies, "RIB entries", replies.List(entries.Select(RibMapping.ToWire), r => r.Rib, out all), all);
            case IrmCode.ReadRib:
                var file = await runtime.Rib.ReadAsync(request.Path, stop).ConfigureAwait(false) ?? throw NotInRib(request.Path);
                return List(replies, "RIB entries", replies.List(RibMapping.ToWire(request.Path, file), r => r.Rib, out all), all);
            case IrmCode.CreateIpcp:
                return replies.Done(await CreateIpcpAsync(request, irm, stop).ConfigureAwait(false));
            default:
                // Not on behalf of somebody who may not ask for it: what it says tells of files.
                if (request.Code is IrmCode.CreateName or IrmCode.SecureName && runtime.IsPrivileged(irm.Caller)) runtime.CheckSecurity(Info(request));
                await ChangeAsync(request, irm, stop).ConfigureAwait(false);
                return replies.Done();
        }
    }

    private static Task ChangeAsync(IrmMsg request, IrmClient irm, CancellationToken stop) => request.Code switch
    {
        IrmCode.DestroyIpcp => irm.DestroyIpcpAsync(Pid(request), stop),
        IrmCode.BootstrapIpcp => irm.BootstrapIpcpAsync(Pid(request), Config(request), stop),
        IrmCode.EnrollIpcp => irm.EnrollIpcpAsync(Pid(request), Text(request.HasDst, request.Dst, "destination"), stop),
        IrmCode.ConnectIpcp => irm.ConnectIpcpAsync(
            Pid(request), Text(request.HasDst, request.Dst, "destination"), Text(request.HasComp, request.Comp, "component"),
            Mapping.FromWire(request.Qosspec), stop),
        IrmCode.DisconnectIpcp => irm.DisconnectIpcpAsync(
            Pid(request), Text(request.HasDst, request.Dst, "destination"), Text(request.HasComp, request.Comp, "component"), stop),
        IrmCode.BindProgram => irm.BindProgramAsync(Program(request), Name(request), (request.Opts & Requests.AutoStart) != 0, stop),
        IrmCode.UnbindProgram => irm.UnbindProgramAsync(Text(request.HasProg, request.Prog, "program"), NameOrAll(request), stop),
        IrmCode.BindProcess => irm.BindProcessAsync(Pid(request), Name(request), stop),
        IrmCode.UnbindProcess => irm.UnbindProcessAsync(Pid(request), NameOrAll(request), stop),
        IrmCode.CreateName => irm.CreateNameAsync(Info(request), stop),
        IrmCode.SecureName => irm.SecureNameAsync(Info(request), stop),
        IrmCode.DestroyName => irm.DestroyNameAsync(Name(request), stop),
        IrmCode.RegName => irm.RegisterNameAsync(Name(request), Pid(request), stop),
        IrmCode.UnregName => irm.UnregisterNameAsync(Name(request), Pid(request), stop),
        IrmCode.ProcAnnounce or IrmCode.ProcExit or IrmCode.FlowAlloc or IrmCode.FlowAccept or IrmCode.FlowJoin or IrmCode.FlowDealloc =>
            throw new FlowException(FlowError.NotSupported, "this daemon does not serve the shared memory of the reference's library; use ours"),
        IrmCode.IpcpCreateR or IrmCode.IpcpFlowDealloc or IrmCode.IpcpFlowReqArr or IrmCode.IpcpFlowAllocReply =>
            throw new FlowException(FlowError.NotSupported, "the IPCPs of this daemon are part of it; IPCP processes are not served"),
        _ => throw new FlowException(FlowError.NotPermitted, $"command {(int)request.Code} is unknown"),
    };

    private static async Task<IpcpInfoMsg> CreateIpcpAsync(IrmMsg request, IrmClient irm, CancellationToken stop)
    {
        var asked = request.IpcpInfo ?? throw Missing("IPCP");
        var type = (IpcpType)asked.Type;
        // Before anything else, so that the answer for a kind that this build does not have does not depend on the rest.
        _ = IpcpKinds.Find(type);
        var info = await irm.CreateIpcpAsync(Text(asked.HasName, asked.Name, "name"), type, stop).ConfigureAwait(false);
        return new IpcpInfoMsg { Type = (uint)info.Type, Name = info.Name, Pid = (uint)info.Id, State = (uint)info.State };
    }

    private static IpcpConfig Config(IrmMsg request)
    {
        var config = request.Conf ?? throw Missing("configuration");
        var layer = Text(config.LayerInfo?.HasName ?? false, config.LayerInfo?.Name ?? "", "layer");
        var kind = IpcpKinds.Find((IpcpType)config.IpcpType);
        try
        {
            var options = new HoconReader(HoconDocument.ParseString(LayerOptionsHocon.Write(config)));
            var read = kind.ReadConfig(layer, options);
            options.Finish();
            return read;
        }
        catch (HoconException e)
        {
            throw new FlowException(FlowError.InvalidArgument, $"{e.Path}: {e.Reason}", e);
        }
    }

    private static ProgramCommand Program(IrmMsg request)
    {
        var words = request.Exec.ToList();
        // The end mark that the reference's daemon needs.
        if (words.Count > 0 && words[^1].Length == 0) words.RemoveAt(words.Count - 1);
        if (words.Count == 0 || words[0].Length == 0) throw Missing("program");
        return new ProgramCommand(words[0], words[1..]);
    }

    private static NameInfo Info(IrmMsg request)
    {
        var info = request.NameInfo ?? throw Missing("name");
        _ = Text(info.HasName, info.Name, "name");
        return Mapping.FromWire(info);
    }

    private static int Pid(IrmMsg request) => request.HasPid ? request.Pid : throw Missing("process number");

    private static string Name(IrmMsg request) => Text(request.HasName, request.Name, "name");

    private static string? NameOrAll(IrmMsg request) => request.HasName && request.Name.Length > 0 ? request.Name : null;

    private static string Text(bool given, string value, string what) => given && value.Length > 0 ? value : throw Missing(what);

    private static FlowException NotInRib(string path) => new(FlowError.NameUnknown, $"there is no {path} in the RIB; irm rib list shows what there is");

    private static FlowException Missing(string what) => new(FlowError.InvalidArgument, $"the request has no {what}");

    private IReadOnlyList<IrmMsg> List(Replies replies, string what, IReadOnlyList<IrmMsg> reply, bool complete)
    {
        if (!complete) _cut.Warning("the list of {What} is longer than a record; a client that takes only one got its beginning", what);
        return reply;
    }
}
