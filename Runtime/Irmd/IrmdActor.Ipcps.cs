using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Runtime.Irmd;

/// <content>
/// IPCPs: each has a record of how it came into its layer. When the actor starts again after a failure, the record is played back to it:
/// bootstrap or enrolment, connections, names. Flows that it carried go down; no other layer notices.
/// </content>
internal sealed partial class IrmdActor
{
    private object? CreateIpcp(IrmProtocol.CreateIpcp m)
    {
        CheckLength("name of an IPCP", m.Name);
        var kind = IpcpKinds.Find(m.Type);
        if (_registry.Ipcps.Values.Any(i => i.Name == m.Name))
        {
            throw new FlowException(FlowError.AlreadyExists, $"there is an IPCP called '{m.Name}' already; choose another name");
        }
        var id = _registry.NextProcessId();
        var ipcp = new IpcpEntry(id, m.Name, m.Type);
        _registry.Ipcps.Add(id, ipcp);
        AddProcess(new ProcessEntry(id, new Credentials(0, 0, "ipcpd-" + kind.Name), 0) { IsIpcp = true });
        // The "command" is the creation itself: the answer is the actor's report that it runs.
        Await(ipcp, _settings.IpcpTimeout, Sender, answer =>
        {
            if (answer.Error == FlowError.None) return ipcp.ToInfo();
            Forget(ipcp);
            return new Status.Failure(new FlowException(FlowError.IpcpFailed, $"IPCP '{m.Name}' did not start within {_settings.IpcpTimeout.TotalMilliseconds} ms: {answer.Reason}"));
        });
        _ipcps.Tell(new IpcpsActor.Create(id, m.Name, m.Type));
        return null;
    }

    private object DestroyIpcp(IrmProtocol.DestroyIpcp m)
    {
        var ipcp = FindIpcp(m.Id);
        ipcp.Destroying = true;
        FailFlowsOver(ipcp);
        Forget(ipcp);
        _ipcps.Tell(new IpcpsActor.Remove(ipcp.Name));
        return IrmProtocol.Done.Instance;
    }

    private object? BootstrapIpcp(IrmProtocol.BootstrapIpcp m)
    {
        var ipcp = FindIpcp(m.Id);
        if (m.Config.Type != ipcp.Type)
        {
            throw new FlowException(FlowError.UnknownIpcpType, $"IPCP '{ipcp.Name}' is of type {ipcp.Type}; the configuration is for {m.Config.Type}");
        }
        CheckLength("layer name", m.Config.Layer.Name);
        Send(ipcp, _settings.BootstrapTimeout, Sender, id => new IpcpProtocol.Bootstrap(id, m.Config), answer =>
        {
            if (answer.Error != FlowError.None) return Failed(ipcp, "bootstrap", answer);
            ipcp.Config = m.Config;
            Entered(ipcp, answer.Layer!);
            return ipcp.ToInfo();
        });
        return null;
    }

    private object? EnrollIpcp(IrmProtocol.EnrollIpcp m)
    {
        var ipcp = FindIpcp(m.Id);
        Send(ipcp, _settings.EnrollTimeout, Sender, id => new IpcpProtocol.Enroll(id, m.Destination), answer =>
        {
            if (answer.Error != FlowError.None) return Failed(ipcp, "enrolment", answer);
            ipcp.EnrolledWith = m.Destination;
            Entered(ipcp, answer.Layer!);
            return ipcp.ToInfo();
        });
        return null;
    }

    private object? ConnectIpcp(IrmProtocol.ConnectIpcp m)
    {
        var ipcp = FindConnectable(m.Id);
        Send(ipcp, _settings.ConnectTimeout, Sender, id => new IpcpProtocol.Connect(id, m.Destination, m.Component, m.Qos), answer =>
        {
            if (answer.Error != FlowError.None) return Failed(ipcp, $"connecting {m.Component} to '{m.Destination}'", answer);
            ipcp.Connections.Add((m.Destination, m.Component, m.Qos));
            return IrmProtocol.Done.Instance;
        });
        return null;
    }

    private object? DisconnectIpcp(IrmProtocol.DisconnectIpcp m)
    {
        var ipcp = FindConnectable(m.Id);
        ipcp.Connections.RemoveAll(c => c.Destination == m.Destination && c.Component == m.Component);
        Send(ipcp, _settings.IpcpTimeout, Sender, id => new IpcpProtocol.Disconnect(id, m.Destination, m.Component), answer =>
            answer.Error != FlowError.None ? Failed(ipcp, $"disconnecting {m.Component} from '{m.Destination}'", answer) : IrmProtocol.Done.Instance);
        return null;
    }

    private object? RegisterName(IrmProtocol.RegisterName m)
    {
        var name = FindName(m.Name);
        var ipcp = FindIpcp(m.IpcpId);
        if (ipcp.Layer is not { } layer)
        {
            throw new FlowException(FlowError.WrongIpcpState, $"IPCP '{ipcp.Name}' is in no layer yet; bootstrap or enrol it first");
        }
        Send(ipcp, _settings.RegTimeout, Sender, id => new IpcpProtocol.Register(id, name.HashFor(layer.Hash)), answer =>
        {
            if (answer.Error != FlowError.None) return Failed(ipcp, $"registering '{m.Name}'", answer);
            ipcp.Registered.Add(m.Name);
            name.RegisteredIn.Add(ipcp.Id);
            return IrmProtocol.Done.Instance;
        });
        return null;
    }

    private object? UnregisterName(IrmProtocol.UnregisterName m)
    {
        var name = FindName(m.Name);
        var ipcp = FindIpcp(m.IpcpId);
        if (ipcp.Layer is not { } layer || !ipcp.Registered.Remove(m.Name))
        {
            throw new FlowException(FlowError.NameUnknown, $"'{m.Name}' is not registered with IPCP '{ipcp.Name}'");
        }
        name.RegisteredIn.Remove(ipcp.Id);
        Send(ipcp, _settings.IpcpTimeout, Sender, id => new IpcpProtocol.Unregister(id, name.HashFor(layer.Hash)), answer =>
            answer.Error != FlowError.None ? Failed(ipcp, $"unregistering '{m.Name}'", answer) : IrmProtocol.Done.Instance);
        return null;
    }

    private void OnIpcpStarted(IpcpProtocol.Started m)
    {
        if (!_registry.Ipcps.TryGetValue(m.IpcpId, out var ipcp)) return;
        // A report from an incarnation that the registry already knows as failed counts once: the second start of a record is a restart.
        var again = m.Restarted || ipcp.State != IpcpState.Init;
        ipcp.Actor = Sender;
        ipcp.State = IpcpState.Boot;
        Complete(c => c.Ipcp == ipcp, new IpcpProtocol.Answer(0, again ? FlowError.IpcpFailed : FlowError.None, "the IPCP was restarted"));
        if (!again) return;
        NoteFailure(ipcp, m.Reason ?? "stopped");
        FailFlowsOver(ipcp);
        PutBack(ipcp);
    }

    private void OnIpcpStopped(int id)
    {
        if (!_registry.Ipcps.TryGetValue(id, out var ipcp) || ipcp.Destroying) return;
        Complete(c => c.Ipcp == ipcp, new IpcpProtocol.Answer(0, FlowError.IpcpFailed, "the IPCP stopped"));
        FailFlowsOver(ipcp);
        if (ipcp.Failures.Count >= _settings.MaxFailures)
        {
            ipcp.State = IpcpState.Null;
            ipcp.Actor = ActorRefs.Nobody;
            _log.Error("IPCP {0} failed {1} times within {2} and is left stopped; last: {3}", ipcp.Name, ipcp.Failures.Count, _settings.FailureWindow, ipcp.LastFailure);
            return;
        }
        _ipcps.Tell(new IpcpsActor.Create(ipcp.Id, ipcp.Name, ipcp.Type));
    }

    private void NoteFailure(IpcpEntry ipcp, string reason)
    {
        ipcp.Restarts++;
        ipcp.LastFailure = reason;
        var now = _services.Time.GetTimestamp();
        ipcp.Failures.Enqueue(now);
        while (_services.Time.GetElapsedTime(ipcp.Failures.Peek(), now) > _settings.FailureWindow) ipcp.Failures.Dequeue();
        if (ipcp.Failures.Count >= _settings.MaxFailures) _ipcps.Tell(new IpcpsActor.Remove(ipcp.Name));
    }

    private void PutBack(IpcpEntry ipcp)
    {
        if (ipcp.Failures.Count >= _settings.MaxFailures) return;
        if (ipcp.Config is { } config) Send(ipcp, _settings.BootstrapTimeout, ActorRefs.Nobody, id => new IpcpProtocol.Bootstrap(id, config), Back);
        else if (ipcp.EnrolledWith is { } destination) Send(ipcp, _settings.EnrollTimeout, ActorRefs.Nobody, id => new IpcpProtocol.Enroll(id, destination), Back);

        object Back(IpcpProtocol.Answer answer)
        {
            if (answer.Error != FlowError.None) return Failed(ipcp, "recovery", answer);
            Entered(ipcp, answer.Layer!);
            foreach (var (destination, component, qos) in ipcp.Connections)
            {
                SendQuietly(ipcp, id => new IpcpProtocol.Connect(id, destination, component, qos));
            }
            foreach (var registered in ipcp.Registered)
            {
                SendQuietly(ipcp, id => new IpcpProtocol.Register(id, _registry.Names[registered].HashFor(ipcp.Layer!.Hash)));
            }
            _log.Info("IPCP {0} is back in layer {1} with {2} names", ipcp.Name, ipcp.Layer!.Name, ipcp.Registered.Count);
            return IrmProtocol.Done.Instance;
        }
    }

    private void Entered(IpcpEntry ipcp, LayerInfo layer)
    {
        ipcp.Layer = layer;
        ipcp.State = IpcpState.Operational;
        _registry.Index(layer.Hash);
    }

    private void FailFlowsOver(IpcpEntry ipcp)
    {
        foreach (var flow in _registry.Flows.Values.Where(f => f.Below == ipcp.Id && !f.Direct))
        {
            _flows.Tell(new FlowProtocol.ToFlow(flow.Id, new FlowProtocol.LayerGone(ipcp.Id)));
        }
        foreach (var name in _registry.Names.Values)
        {
            foreach (var waiting in name.Waiting.Where(w => w.Remote?.IpcpId == ipcp.Id).ToList())
            {
                name.Waiting.Remove(waiting);
                Timers.Cancel(waiting);
            }
        }
    }

    private void Forget(IpcpEntry ipcp)
    {
        _registry.Ipcps.Remove(ipcp.Id);
        foreach (var name in _registry.Names.Values) name.RegisteredIn.Remove(ipcp.Id);
        RemoveProcess(ipcp.Id);
        Complete(c => c.Ipcp == ipcp, new IpcpProtocol.Answer(0, FlowError.IpcpFailed, "the IPCP was destroyed"));
    }

    private IpcpEntry FindIpcp(int id) => _registry.Ipcps.TryGetValue(id, out var ipcp)
        ? ipcp
        : throw new FlowException(FlowError.IpcpFailed, $"there is no IPCP {id}; see `irm ipcp list`");

    private IpcpEntry FindConnectable(int id)
    {
        var ipcp = FindIpcp(id);
        return ipcp.Type is IpcpType.Unicast or IpcpType.Broadcast
            ? ipcp
            : throw new FlowException(FlowError.IpcpFailed, $"IPCP '{ipcp.Name}' is of type {ipcp.Type}, which has no connections");
    }

    private void Send(IpcpEntry ipcp, TimeSpan timeout, IActorRef client, Func<long, IpcpProtocol.Command> command, Func<IpcpProtocol.Answer, object> completed) =>
        ipcp.Actor.Tell(command(Await(ipcp, timeout, client, completed)), Self);

    private void SendQuietly(IpcpEntry ipcp, Func<long, IpcpProtocol.Command> command) =>
        Send(ipcp, _settings.RegTimeout, ActorRefs.Nobody, command, answer => answer.Error == FlowError.None ? IrmProtocol.Done.Instance : Failed(ipcp, "a command of the IRMd", answer));

    private long Await(IpcpEntry ipcp, TimeSpan timeout, IActorRef client, Func<IpcpProtocol.Answer, object> completed)
    {
        var id = ++_registry.LastCommand;
        _registry.Commands.Add(id, new PendingCommand(client, ipcp, Deadline.After(_services.Time, timeout), completed));
        Timers.StartSingleTimer(id, new CommandExpired(id), timeout);
        return id;
    }

    private void OnAnswer(IpcpProtocol.Answer answer)
    {
        if (!_registry.Commands.Remove(answer.Id, out var command)) return;
        Timers.Cancel(answer.Id);
        var result = command.Completed(answer);
        if (!command.Client.IsNobody()) command.Client.Tell(result, Self);
    }

    private void Complete(Func<PendingCommand, bool> which, IpcpProtocol.Answer answer)
    {
        foreach (var id in _registry.Commands.Where(c => which(c.Value)).Select(c => c.Key).ToList()) OnAnswer(answer with { Id = id });
    }

    private Status.Failure Failed(IpcpEntry ipcp, string what, IpcpProtocol.Answer answer)
    {
        _log.Warning("{0} of IPCP {1} failed: {2} ({3})", what, ipcp.Name, answer.Reason, answer.Error);
        return new Status.Failure(new FlowException(answer.Error, $"{what} of IPCP '{ipcp.Name}' failed: {answer.Reason ?? answer.Error.ToString()}"));
    }
}
