using Akka.Actor;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Runtime.Irmd;

/// <content>Commands about names, programs and processes; each is done or refused at once.</content>
internal sealed partial class IrmdActor
{
    private void OnCommand(IrmProtocol.Command command)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(command.Caller);
            if (NeedsPrivilege(command) && !_services.Privileges.IsPrivileged(command.Caller.Uid, command.Caller.Gid))
            {
                throw new FlowException(FlowError.NotPermitted, $"{command.GetType().Name} needs uid 0 or membership of group '{_settings.Group}'; uid {command.Caller.Uid} has neither");
            }
            if (Execute(command) is { } result) Sender.Tell(result, Self);
        }
        catch (FlowException e)
        {
            Sender.Tell(new Status.Failure(e), Self);
        }
        catch (ArgumentException e)
        {
            // A name that is null, above all; it has changed nothing yet.
            Sender.Tell(new Status.Failure(new FlowException(FlowError.InvalidArgument, $"{command.GetType().Name} is malformed: {e.Message}", e)), Self);
        }
    }

    private static bool NeedsPrivilege(IrmProtocol.Command command) => command is not (
        IrmProtocol.ListIpcps or IrmProtocol.ListNames or IrmProtocol.ListFlows or IrmProtocol.ListProcesses or IrmProtocol.Attach or IrmProtocol.Detach);

    /// <summary>Does it; null when the result comes later, from an IPCP.</summary>
    private object? Execute(IrmProtocol.Command command)
    {
        switch (command)
        {
            case IrmProtocol.CreateIpcp m:
                return CreateIpcp(m);
            case IrmProtocol.DestroyIpcp m:
                return DestroyIpcp(m);
            case IrmProtocol.BootstrapIpcp m:
                return BootstrapIpcp(m);
            case IrmProtocol.EnrollIpcp m:
                return EnrollIpcp(m);
            case IrmProtocol.ConnectIpcp m:
                return ConnectIpcp(m);
            case IrmProtocol.DisconnectIpcp m:
                return DisconnectIpcp(m);
            case IrmProtocol.RegisterName m:
                return RegisterName(m);
            case IrmProtocol.UnregisterName m:
                return UnregisterName(m);
            case IrmProtocol.ListIpcps:
                return Listed(_registry.IpcpsInOrder.Select(i => i.ToInfo()));
            case IrmProtocol.ListNames:
                return Listed(_registry.Names.Values.Select(n => n.ToInfo(_settings.SecurityDir)));
            case IrmProtocol.ListFlows:
                return Listed(_registry.Flows.Values.OrderBy(f => f.Id).Select(f => f.ToInfo()));
            case IrmProtocol.ListProcesses:
                return Listed(_registry.Processes.Values.Select(p => p.ToInfo()));
            case IrmProtocol.CreateName m:
                CreateName(m.Info);
                break;
            case IrmProtocol.SecureName m:
                var name = FindName(m.Info.Name);
                name.Info = name.Info with { Security = m.Info.Security, Server = m.Info.Server, Client = m.Info.Client };
                break;
            case IrmProtocol.DestroyName m:
                DestroyName(FindName(m.Name));
                break;
            case IrmProtocol.BindProgram m:
                BindProgram(m);
                break;
            case IrmProtocol.UnbindProgram m:
                UnbindProgram(m);
                break;
            case IrmProtocol.BindProcess m:
                BindProcess(m);
                break;
            case IrmProtocol.UnbindProcess m:
                UnbindProcess(m);
                break;
            case IrmProtocol.Attach m:
                return Attach(m);
            case IrmProtocol.Detach m:
                Detach(m);
                break;
            default:
                throw new FlowException(FlowError.NotSupported, $"the IRMd does not know {command.GetType().Name}");
        }
        return IrmProtocol.Done.Instance;
    }

    private static IReadOnlyList<T> Listed<T>(IEnumerable<T> items) => items.ToList();

    private NameEntry FindName(string name) => _registry.Names.TryGetValue(name, out var entry)
        ? entry
        : throw new FlowException(FlowError.NameUnknown, $"name '{name}' is not known here; create it with `irm name create {name}`");

    private ProcessEntry FindProcess(int id) => _registry.Processes.TryGetValue(id, out var entry)
        ? entry
        : throw new FlowException(FlowError.InvalidArgument, $"there is no process {id}; see `irm process list`");

    private static void CheckLength(string what, string name)
    {
        var length = System.Text.Encoding.UTF8.GetByteCount(name);
        if (length is 0 or > IpcpActor.MaxNameLength)
        {
            throw new FlowException(FlowError.InvalidArgument, $"a {what} has 1 to {IpcpActor.MaxNameLength} bytes, this one has {length}");
        }
    }

    private void CreateName(NameInfo info)
    {
        CheckLength("name", info.Name);
        if (_registry.Names.ContainsKey(info.Name)) return;
        _registry.AddName(new NameEntry(info));
    }

    private NameEntry GetOrAddName(string name)
    {
        if (!_registry.Names.ContainsKey(name)) CreateName(new NameInfo(name));
        return _registry.Names[name];
    }

    private void DestroyName(NameEntry name)
    {
        foreach (var id in name.RegisteredIn)
        {
            if (!_registry.Ipcps.TryGetValue(id, out var ipcp) || ipcp.Layer is null) continue;
            ipcp.Registered.Remove(name.Name);
            SendQuietly(ipcp, command => new IpcpProtocol.Unregister(command, name.HashFor(ipcp.Layer.Hash)));
        }
        foreach (var flow in name.Acceptors.ToList()) LeaveLine(flow, name);
        foreach (var waiting in name.Waiting)
        {
            Timers.Cancel(waiting);
            waiting.Local?.Fail(FlowError.NameUnknown, $"name '{name.Name}' was destroyed");
            if (waiting.Remote is { } remote) Refuse(remote, waiting.Ipcp, FlowError.NameUnknown);
        }
        name.Waiting.Clear();
        _registry.RemoveName(name);
    }

    private void BindProgram(IrmProtocol.BindProgram m)
    {
        CheckLength("program name", m.Program.Key);
        CheckLength("program path", m.Program.Path);
        if (m.AutoStart) _services.Programs.Check(m.Program);
        var name = GetOrAddName(m.Name);
        if (name.AutoStart.Any(p => p.Path == m.Program.Path) || (_registry.Programs.TryGetValue(m.Program.Key, out var bound) && bound.Names.Contains(m.Name)))
        {
            throw new FlowException(FlowError.AlreadyExists, $"program {m.Program.Key} is bound to '{m.Name}' already; unbind it first");
        }
        if (!_registry.Programs.TryGetValue(m.Program.Key, out var program))
        {
            _registry.Programs.Add(m.Program.Key, program = new ProgramEntry(m.Program.Key, m.Program.Path));
        }
        // The first entry is the one that is started; the reference puts the newest there.
        if (m.AutoStart) name.AutoStart.Insert(0, m.Program);
        program.Names.Add(m.Name);
    }

    private void UnbindProgram(IrmProtocol.UnbindProgram m)
    {
        // Takes the path as well as the last component, which is all that the reference understands here.
        var key = Path.GetFileName(m.Program);
        if (!_registry.Programs.TryGetValue(key, out var program))
        {
            throw new FlowException(FlowError.InvalidArgument, $"program {m.Program} is bound to no name");
        }
        foreach (var bound in m.Name is null ? program.Names.ToList() : [m.Name])
        {
            if (!program.Names.Remove(bound)) throw new FlowException(FlowError.NameUnknown, $"program {key} is not bound to '{bound}'");
            _registry.Names[bound].AutoStart.RemoveAll(p => p.Key == key);
        }
        if (program.Names.Count == 0) _registry.Programs.Remove(key);
    }

    private void BindProcess(IrmProtocol.BindProcess m)
    {
        var process = FindProcess(m.ProcessId);
        var name = GetOrAddName(m.Name);
        if (!process.Names.TryAdd(m.Name, name))
        {
            throw new FlowException(FlowError.AlreadyExists, $"process {m.ProcessId} is bound to '{m.Name}' already");
        }
        name.Processes.Add(process.Id);
        foreach (var flow in PendingAccepts(process))
        {
            // It may be what a waiting request needs; else it stands in line for this name too.
            if (name.Waiting.Count != 0)
            {
                NameEntry.Delist(flow);
                Offer(flow);
            }
            else
            {
                name.Enlist(flow);
            }
        }
    }

    private void UnbindProcess(IrmProtocol.UnbindProcess m)
    {
        var process = FindProcess(m.ProcessId);
        foreach (var bound in m.Name is null ? process.Names.Keys.ToList() : [m.Name])
        {
            if (!process.Names.Remove(bound)) throw new FlowException(FlowError.NameUnknown, $"process {m.ProcessId} is not bound to '{bound}'");
            var name = _registry.Names[bound];
            name.Processes.Remove(process.Id);
            foreach (var flow in PendingAccepts(process)) LeaveLine(flow, name);
        }
    }

    private List<FlowEntry> PendingAccepts(ProcessEntry process) =>
    [
        .. process.Flows.Select(id => _registry.Flows[id])
            .Where(f => f.ProcessId == process.Id && f is { State: FlowState.AcceptPending, Delivered: null, Below: 0, Own.Task.IsCompleted: false }),
    ];

    private static void LeaveLine(FlowEntry flow, NameEntry name)
    {
        if (flow.InLine is not { } places) return;
        for (var i = places.Count - 1; i >= 0; i--)
        {
            if (places[i].Name != name) continue;
            name.Acceptors.Remove(places[i].Node);
            places.RemoveAt(i);
        }
    }

    private IrmProtocol.Attached Attach(IrmProtocol.Attach m)
    {
        CheckLength("program name", m.Caller.Name);
        var domain = _services.Privileges.DomainOf(m.Caller.Uid, m.Caller.Gid);
        var pool = _services.Domains.Join(domain, m.Caller.Gid);
        var process = new ProcessEntry(_registry.NextProcessId(), m.Caller, domain);
        AddProcess(process);
        _applications.Tell(new ApplicationsActor.Create(process.Id, m.Caller));
        return new IrmProtocol.Attached(process.Id, pool);
    }

    private void Detach(IrmProtocol.Detach m)
    {
        var process = FindProcess(m.ProcessId);
        if (process.Credentials.Uid != m.Caller.Uid && !_services.Privileges.IsPrivileged(m.Caller.Uid, m.Caller.Gid))
        {
            throw new FlowException(FlowError.NotPermitted, $"process {m.ProcessId} belongs to uid {process.Credentials.Uid}; only that user may detach it");
        }
        RemoveProcess(m.ProcessId);
        _applications.Tell(new ApplicationsActor.Remove(m.ProcessId));
    }

    private void AddProcess(ProcessEntry process)
    {
        _registry.Processes.Add(process.Id, process);
        if (!_registry.Programs.TryGetValue(process.Credentials.Name, out var program)) return;
        foreach (var bound in program.Names)
        {
            var name = _registry.Names[bound];
            process.Names.TryAdd(bound, name);
            name.Processes.Add(process.Id);
            name.StartingUntil = 0; // here it is
        }
    }

    /// <summary>Forgets a process: its place in every line, what it waits for, its flows. Unknown ones are ignored.</summary>
    private void RemoveProcess(int id)
    {
        if (!_registry.Processes.Remove(id, out var process)) return;
        foreach (var name in process.Names.Values) name.Processes.Remove(id);
        foreach (var waiting in _registry.Names.Values.SelectMany(n => n.Waiting).Where(w => w.Local?.ProcessId == id).ToList())
        {
            waiting.Name.Waiting.Remove(waiting);
            Timers.Cancel(waiting);
            waiting.Local!.Fail(FlowError.BrokenPipe, "the application was detached");
        }
        foreach (var flowId in process.Flows)
        {
            if (_registry.Flows.TryGetValue(flowId, out var flow)) NameEntry.Delist(flow);
            _flows.Tell(new FlowProtocol.ToFlow(flowId, new FlowProtocol.OwnerGone(id)));
        }
        if (!process.IsIpcp) _services.Domains.Leave(process.Domain);
    }
}
