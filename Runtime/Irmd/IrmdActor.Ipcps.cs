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
        _registry.AddIpcp(ipcp);
        AddProcess(new ProcessEntry(id, new Credentials(0, 0, "ipcpd-" + kind.Name), 0) { IsIpcp = true });
        // The "command" is the creation itself: the answer is the actor's report that it runs.
        Await(ipcp, _settings.IpcpTimeout, Sender, (irmd, answer) =>
        {
            if (answer.Error == FlowError.None) return ipcp.ToInfo();
            irmd.Forget(ipcp);
            return new Status.Failure(new FlowException(FlowError.IpcpFailed, $"IPCP '{m.Name}' could not be started: {answer.Reason ?? answer.Error.ToString()}"));
        });
        _ipcps.Tell(new IpcpsActor.Create(id, m.Name, m.Type, ipcp.Memory));
        return null;
    }

    private object DestroyIpcp(IrmProtocol.DestroyIpcp m)
    {
        Forget(FindIpcp(m.Id));
        return IrmProtocol.Done.Instance;
    }

    private object? BootstrapIpcp(IrmProtocol.BootstrapIpcp m)
    {
        var ipcp = FindRunning(m.Id);
        if (m.Config.Type != ipcp.Type)
        {
            throw new FlowException(FlowError.UnknownIpcpType, $"IPCP '{ipcp.Name}' is of type {ipcp.Type}; the configuration is for {m.Config.Type}");
        }
        if (ipcp.State == IpcpState.Operational)
        {
            throw new FlowException(FlowError.WrongIpcpState, $"IPCP '{ipcp.Name}' is in layer '{ipcp.Layer!.Name}' already; destroy it and create it again");
        }
        CheckLength("layer name", m.Config.Layer.Name);
        Send(ipcp, _settings.BootstrapTimeout, Sender, id => new IpcpProtocol.Bootstrap(id, m.Config), (irmd, answer) =>
        {
            if (answer.Error != FlowError.None) return irmd.Failed(ipcp, "bootstrap", answer);
            ipcp.Config = m.Config;
            irmd.Entered(ipcp, answer.Layer!);
            return ipcp.ToInfo();
        }, enters: true);
        return null;
    }

    private object? EnrollIpcp(IrmProtocol.EnrollIpcp m)
    {
        var ipcp = FindRunning(m.Id);
        Send(ipcp, _settings.EnrollTimeout, Sender, id => new IpcpProtocol.Enroll(id, m.Destination, m.Own), (irmd, answer) =>
        {
            if (answer.Error != FlowError.None) return irmd.Failed(ipcp, "enrolment", answer);
            ipcp.EnrolledWith = m.Destination;
            ipcp.OwnOptions = m.Own;
            // Put back with it when it fails, whether or not anybody is there then to enrol with.
            ipcp.Config = answer.Config;
            irmd.Entered(ipcp, answer.Layer!);
            return ipcp.ToInfo();
        }, enters: true);
        return null;
    }

    private object? ConnectIpcp(IrmProtocol.ConnectIpcp m)
    {
        var ipcp = FindConnectable(m.Id);
        Send(ipcp, _settings.ConnectTimeout, Sender, id => new IpcpProtocol.Connect(id, m.Destination, m.Component, m.Qos), (irmd, answer) =>
        {
            if (answer.Error != FlowError.None) return irmd.Failed(ipcp, $"connecting {m.Component} to '{m.Destination}'", answer);
            ipcp.Connections.RemoveAll(c => c.Destination == m.Destination && c.Component == m.Component);
            ipcp.Connections.Add((m.Destination, m.Component, m.Qos));
            return IrmProtocol.Done.Instance;
        });
        return null;
    }

    private object? DisconnectIpcp(IrmProtocol.DisconnectIpcp m)
    {
        var ipcp = FindConnectable(m.Id);
        ipcp.Connections.RemoveAll(c => c.Destination == m.Destination && c.Component == m.Component);
        Send(ipcp, _settings.IpcpTimeout, Sender, id => new IpcpProtocol.Disconnect(id, m.Destination, m.Component), (irmd, answer) =>
            answer.Error != FlowError.None ? irmd.Failed(ipcp, $"disconnecting {m.Component} from '{m.Destination}'", answer) : IrmProtocol.Done.Instance);
        return null;
    }

    private object? RegisterName(IrmProtocol.RegisterName m)
    {
        var name = FindName(m.Name);
        var ipcp = FindRunning(m.IpcpId);
        if (ipcp.Layer is not { } layer)
        {
            throw new FlowException(FlowError.WrongIpcpState, $"IPCP '{ipcp.Name}' is in no layer yet; bootstrap or enrol it first");
        }
        Send(ipcp, _settings.RegTimeout, Sender, id => new IpcpProtocol.Register(id, name.HashFor(layer.Hash)), (irmd, answer) =>
        {
            if (answer.Error != FlowError.None) return irmd.Failed(ipcp, $"registering '{m.Name}'", answer);
            if (irmd._registry.Names.GetValueOrDefault(m.Name) != name)
            {
                irmd.SendQuietly(ipcp, id => new IpcpProtocol.Unregister(id, name.HashFor(layer.Hash)));
                return new Status.Failure(new FlowException(FlowError.NameUnknown, $"name '{m.Name}' was destroyed while it was being registered"));
            }
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
        if (ipcp.State == IpcpState.Null) return IrmProtocol.Done.Instance;
        Send(ipcp, _settings.IpcpTimeout, Sender, id => new IpcpProtocol.Unregister(id, name.HashFor(layer.Hash)), (irmd, answer) =>
            answer.Error != FlowError.None ? irmd.Failed(ipcp, $"unregistering '{m.Name}'", answer) : IrmProtocol.Done.Instance);
        return null;
    }

    private void OnIpcpStarted(IpcpProtocol.Started m)
    {
        if (!_registry.Ipcps.TryGetValue(m.IpcpId, out var ipcp)) return;
        var failed = m.Restarted || ipcp.State != IpcpState.Init;
        var again = failed || ipcp.Recovering;
        ipcp.Actor = Sender;
        ipcp.State = IpcpState.Boot;
        ipcp.Recovering = false;
        Complete(c => c.Ipcp == ipcp, new IpcpProtocol.Answer(0, again ? FlowError.IpcpFailed : FlowError.None, "the IPCP was restarted"));
        if (!again) return;
        if (failed)
        {
            NoteFailure(ipcp, m.Reason ?? "stopped");
            FailFlowsOver(ipcp);
        }
        PutBack(ipcp);
    }

    private void OnIpcpStopped(int id)
    {
        if (!_registry.Ipcps.TryGetValue(id, out var ipcp)) return;
        Complete(c => c.Ipcp == ipcp, new IpcpProtocol.Answer(0, FlowError.IpcpFailed, "the IPCP stopped"));
        if (!_registry.Ipcps.ContainsKey(id)) return; // it was being created, and that is that
        FailFlowsOver(ipcp);
        if (!ipcp.GivenUp) NoteFailure(ipcp, "stopped");
        ipcp.Actor = ActorRefs.Nobody;
        if (ipcp.GivenUp)
        {
            ipcp.State = IpcpState.Null;
            _log.Error("IPCP {0} failed {1} times within {2} and is left stopped; last: {3}", ipcp.Name, ipcp.Failures.Count, _settings.FailureWindow, ipcp.LastFailure);
            return;
        }
        ipcp.State = IpcpState.Init;
        ipcp.Recovering = true;
        _ipcps.Tell(new IpcpsActor.Create(ipcp.Id, ipcp.Name, ipcp.Type, ipcp.Memory));
    }

    /// <summary>The parent of all IPCPs is new, so none of them runs any more. That was no fault of theirs.</summary>
    private void BeginAgain()
    {
        foreach (var ipcp in _registry.Ipcps.Values.Where(i => i.State != IpcpState.Null))
        {
            FailFlowsOver(ipcp);
            if (ipcp.GivenUp)
            {
                ipcp.State = IpcpState.Null;
                continue;
            }
            // One that had not reported yet is simply made once more.
            ipcp.Recovering |= ipcp.State != IpcpState.Init;
            ipcp.State = IpcpState.Init;
        }
    }

    private void NoteFailure(IpcpEntry ipcp, string reason)
    {
        ipcp.Restarts++;
        ipcp.LastFailure = reason;
        var now = _services.Time.GetTimestamp();
        ipcp.Failures.Enqueue(now);
        while (_services.Time.GetElapsedTime(ipcp.Failures.Peek(), now) > _settings.FailureWindow) ipcp.Failures.Dequeue();
        if (ipcp.Failures.Count < _settings.MaxFailures) return;
        ipcp.GivenUp = true;
        _ipcps.Tell(new IpcpsActor.Remove(ipcp.Id, ipcp.Name));
    }

    private void PutBack(IpcpEntry ipcp)
    {
        Timers.Cancel(PutBackAgain.KeyOf(ipcp));
        if (ipcp.GivenUp) return;
        if (ipcp.Config is { } config) Send(ipcp, _settings.BootstrapTimeout, ActorRefs.Nobody, id => new IpcpProtocol.Bootstrap(id, config), Back, enters: true);
        else if (ipcp.EnrolledWith is { } destination) Send(ipcp, _settings.EnrollTimeout, ActorRefs.Nobody, id => new IpcpProtocol.Enroll(id, destination, ipcp.OwnOptions), Back, enters: true);

        object Back(IrmdActor irmd, IpcpProtocol.Answer answer)
        {
            if (answer.Error != FlowError.None)
            {
                irmd.PutBackLater(ipcp);
                return irmd.Failed(ipcp, "recovery", answer);
            }
            ipcp.FailedRecoveries = 0;
            ipcp.Config ??= answer.Config;
            irmd.Entered(ipcp, answer.Layer!);
            foreach (var (destination, component, qos) in ipcp.Connections)
            {
                irmd.SendQuietly(ipcp, id => new IpcpProtocol.Connect(id, destination, component, qos, Keep: true));
            }
            ipcp.NotBack.Clear();
            foreach (var registered in ipcp.Registered) irmd.RegisterAgain(ipcp, registered);
            irmd._log.Info("IPCP {0} is back in layer {1} with {2} names", ipcp.Name, ipcp.Layer!.Name, ipcp.Registered.Count);
            return IrmProtocol.Done.Instance;
        }
    }

    private void RegisterAgain(IpcpEntry ipcp, string name)
    {
        Send(ipcp, _settings.RegTimeout, ActorRefs.Nobody, id => new IpcpProtocol.Register(id, _registry.Names[name].HashFor(ipcp.Layer!.Hash)), (irmd, answer) =>
        {
            if (answer.Error == FlowError.None)
            {
                if (ipcp.NotBack.Remove(name) && ipcp.NotBack.Count == 0) ipcp.FailedRecoveries = 0;
                return IrmProtocol.Done.Instance;
            }
            ipcp.NotBack.Add(name);
            // One try for all names that wait for one.
            if (!irmd.Timers.IsTimerActive(PutBackAgain.KeyOf(ipcp))) irmd.PutBackLater(ipcp);
            return irmd.Failed(ipcp, $"registering '{name}' again", answer);
        });
    }

    /// <summary>The member that it enrols with may be away, as it was itself a moment ago, or the server that keeps its names.</summary>
    private void PutBackLater(IpcpEntry ipcp)
    {
        if (ipcp.GivenUp || !IsToBePutBack(ipcp) || _registry.Ipcps.GetValueOrDefault(ipcp.Id) != ipcp) return;
        var wait = _settings.RecoveryRetry * Math.Pow(2, Math.Min(ipcp.FailedRecoveries++, 16));
        if (wait > _settings.RecoveryRetryLongest) wait = _settings.RecoveryRetryLongest;
        Timers.StartSingleTimer(PutBackAgain.KeyOf(ipcp), new PutBackAgain(ipcp), wait);
    }

    private void OnPutBackAgain(IpcpEntry ipcp)
    {
        if (_registry.Ipcps.GetValueOrDefault(ipcp.Id) != ipcp || !IsToBePutBack(ipcp)) return;
        if (ipcp.State == IpcpState.Boot)
        {
            PutBack(ipcp);
            return;
        }
        ipcp.NotBack.IntersectWith(ipcp.Registered);
        foreach (var name in ipcp.NotBack) RegisterAgain(ipcp, name);
    }

    private static bool IsToBePutBack(IpcpEntry ipcp) => ipcp.State == IpcpState.Boot || (ipcp.State == IpcpState.Operational && ipcp.NotBack.Count > 0);

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

    /// <summary>Takes an IPCP out of everything, and stops it if it runs.</summary>
    private void Forget(IpcpEntry ipcp)
    {
        if (!_registry.RemoveIpcp(ipcp)) return;
        FailFlowsOver(ipcp);
        foreach (var name in _registry.Names.Values) name.RegisteredIn.Remove(ipcp.Id);
        RemoveProcess(ipcp.Id);
        _ipcps.Tell(new IpcpsActor.Remove(ipcp.Id, ipcp.Name));
        Complete(c => c.Ipcp == ipcp, new IpcpProtocol.Answer(0, FlowError.IpcpFailed, "the IPCP was destroyed"));
    }

    private IpcpEntry FindIpcp(int id) => _registry.Ipcps.TryGetValue(id, out var ipcp)
        ? ipcp
        : throw new FlowException(FlowError.IpcpFailed, $"there is no IPCP {id}; see `irm ipcp list`");

    private IpcpEntry FindRunning(int id)
    {
        var ipcp = FindIpcp(id);
        return ipcp.State != IpcpState.Null
            ? ipcp
            : throw new FlowException(FlowError.WrongIpcpState, $"IPCP '{ipcp.Name}' failed too often and is stopped ({ipcp.LastFailure}); destroy it and create it again");
    }

    private IpcpEntry FindConnectable(int id)
    {
        var ipcp = FindRunning(id);
        return ipcp.Type is IpcpType.Unicast or IpcpType.Broadcast
            ? ipcp
            : throw new FlowException(FlowError.IpcpFailed, $"IPCP '{ipcp.Name}' is of type {ipcp.Type}, which has no connections");
    }

    private void Send(
        IpcpEntry ipcp, TimeSpan timeout, IActorRef client, Func<long, IpcpProtocol.Command> command, Func<IrmdActor, IpcpProtocol.Answer, object> completed, bool enters = false) =>
        ipcp.Actor.Tell(command(Await(ipcp, timeout, client, completed, enters)), Self);

    private void SendQuietly(IpcpEntry ipcp, Func<long, IpcpProtocol.Command> command)
    {
        if (ipcp.State is not (IpcpState.Boot or IpcpState.Operational)) return; // not there, and what it forgot needs no undoing
        Send(ipcp, _settings.RegTimeout, ActorRefs.Nobody, command, (irmd, answer) => answer.Error == FlowError.None ? IrmProtocol.Done.Instance : irmd.Failed(ipcp, "a command of the IRMd", answer));
    }

    private long Await(IpcpEntry ipcp, TimeSpan timeout, IActorRef client, Func<IrmdActor, IpcpProtocol.Answer, object> completed, bool enters = false)
    {
        var id = ++_registry.LastCommand;
        _registry.Commands.Add(id, new PendingCommand(client, ipcp, Deadline.After(_services.Time, timeout), completed, enters));
        Timers.StartSingleTimer(id, new CommandExpired(id), timeout);
        return id;
    }

    private void OnAnswer(IpcpProtocol.Answer answer)
    {
        if (!_registry.Commands.Remove(answer.Id, out var command)) return;
        Timers.Cancel(answer.Id);
        if (!command.Late)
        {
            Finish(command, answer);
        }
        else if (answer.Error == FlowError.None && command.Ipcp.State == IpcpState.Boot)
        {
            _log.Info("IPCP {0} is in layer {1} after all; it took longer than it may", command.Ipcp.Name, answer.Layer!.Name);
            command.Completed(this, answer);
        }
    }

    private void OnCommandExpired(long id)
    {
        if (!_registry.Commands.TryGetValue(id, out var command) || command.Late) return;
        var answer = new IpcpProtocol.Answer(id, FlowError.IpcpFailed, "the IPCP did not answer in time");
        // One of them is kept for each IPCP: a slow one answers the first, and an answer to the others only says that it is busy or in the layer.
        if (!command.Enters || _registry.Commands.Values.Any(c => c.Late && c.Ipcp == command.Ipcp))
        {
            OnAnswer(answer);
            return;
        }
        command.Late = true;
        Finish(command, answer);
    }

    private void Finish(PendingCommand command, IpcpProtocol.Answer answer)
    {
        var result = command.Completed(this, answer);
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
