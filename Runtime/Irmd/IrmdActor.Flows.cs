using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Runtime.Irmd;

/// <content>Flows: who accepts what. A pending accept is taken out of line before a request is handed to it, so two requests never get one.</content>
internal sealed partial class IrmdActor
{
    private void OnAllocate(AllocateRequest request)
    {
        if (request.Task.IsCompleted) return;
        if (!_registry.Processes.TryGetValue(request.ProcessId, out var process))
        {
            request.Fail(FlowError.InvalidArgument, $"process {request.ProcessId} is not attached; attach the application first");
            return;
        }
        if (!_registry.Names.TryGetValue(request.Destination, out var name))
        {
            request.Fail(FlowError.NameUnknown, $"name '{request.Destination}' is not known here; create it with `irm name create {request.Destination}`");
            return;
        }
        var longest = _settings.FlowAllocTimeout;
        request.Deadline = Deadline.After(_services.Time, request.Timeout is { } timeout && timeout >= TimeSpan.Zero ? timeout : longest);
        request.Uid = process.Domain;
        Place(request, name);
    }

    private void Place(AllocateRequest request, NameEntry name)
    {
        if (_settings.DirectIpc)
        {
            if (TakeAcceptor(name, request.Uid, except: ExceptFor(request)) is { } acceptor)
            {
                DeliverDirect(request, name, acceptor);
                return;
            }
            // Worth a wait only if an acceptor of this trust domain can turn up: a bound process that is busy, or a program to be started.
            if (name.Acceptors.All(f => f.ProcessId == ExceptFor(request)) && CanTurnUp(name, request))
            {
                Wait(new WaitingRequest(name, ++_registry.LastWaiting) { Local = request });
                return;
            }
        }
        AskLayers(request, name);
    }

    private void AskLayers(AllocateRequest request, NameEntry name)
    {
        if (request.Task.IsCompleted) return;
        var above = _registry.LayersAbove(request.ProcessId);
        var candidates = new List<FlowProtocol.Candidate>(1);
        foreach (var ipcp in _registry.IpcpsInOrder)
        {
            if (ipcp is not { Layer: { } layer, State: IpcpState.Operational } || ipcp.Type == IpcpType.Broadcast || above.Contains(ipcp.Id)) continue;
            candidates.Add(new FlowProtocol.Candidate(ipcp.Id, layer.Name, ipcp.Actor, name.HashFor(layer.Hash)) { IsLocal = ipcp.Type == IpcpType.Local });
        }
        if (candidates.Count == 0)
        {
            request.Fail(FlowError.IpcpFailed, $"nobody accepts '{request.Destination}' here and there is no layer to look in; bootstrap or enrol an IPCP, or start the server");
            return;
        }
        if (Spawn(request, request.ProcessId) is { } flow)
        {
            flow.Name = request.Destination;
            flow.Qos = request.Qos;
            _flows.Tell(new FlowProtocol.Spawn(flow, new FlowProtocol.StartAllocate(request, candidates, name.Info)));
        }
    }

    private void OnJoin(JoinRequest request)
    {
        var layer = _registry.IpcpsInOrder.FirstOrDefault(i => i.Layer?.Name == request.Layer && i.State == IpcpState.Operational);
        if (layer is null)
        {
            request.Fail(FlowError.IpcpFailed, $"there is no layer '{request.Layer}' here; bootstrap or enrol a broadcast IPCP in it");
            return;
        }
        request.Deadline = Deadline.After(_services.Time, request.Timeout ?? _settings.FlowAllocTimeout);
        if (Spawn(request, request.ProcessId) is { } flow)
        {
            flow.Name = request.Layer;
            flow.Qos = QosSpec.Np1;
            var hash = Crypto.Hashing.NameHash.Of(layer.Layer!.Hash, request.Layer);
            _flows.Tell(new FlowProtocol.Spawn(flow, new FlowProtocol.StartJoin(request, new FlowProtocol.Candidate(layer.Id, request.Layer, layer.Actor, hash))));
        }
    }

    private void OnAccept(AcceptRequest request)
    {
        if (request.Task.IsCompleted) return;
        request.Deadline = Deadline.After(_services.Time, request.Timeout);
        if (_registry.Processes.TryGetValue(request.ProcessId, out var process) && request.Timeout == TimeSpan.Zero && FindWaiting(process) is null)
        {
            request.Fail(FlowError.TimedOut, "nobody asks for a flow now");
            return;
        }
        if (Spawn(request, request.ProcessId) is not { } flow) return;
        request.Uid = flow.Uid;
        flow.State = FlowState.AcceptPending;
        _flows.Tell(new FlowProtocol.Spawn(flow, new FlowProtocol.StartAccept(request)));
        Offer(flow);
    }

    /// <summary>Gives a pending accept the oldest request that waits for one of its names, or puts it in line for all of them.</summary>
    private void Offer(FlowEntry flow)
    {
        if (!_registry.Processes.TryGetValue(flow.ProcessId, out var process)) return;
        if (FindWaiting(process) is not { } waiting)
        {
            for (var i = 0; i < process.Names.Count; i++) process.Names.GetValueAtIndex(i).Enlist(flow);
            return;
        }
        waiting.Name.Waiting.Remove(waiting);
        Timers.Cancel(waiting);
        if (waiting.Local is not null) DeliverDirect(waiting.Local, waiting.Name, flow);
        else DeliverRemote(waiting.Remote!, waiting.Ipcp, waiting.Name, flow);
    }

    private WaitingRequest? FindWaiting(ProcessEntry process)
    {
        WaitingRequest? oldest = null;
        for (var i = 0; i < process.Names.Count; i++)
        {
            var name = process.Names.GetValueAtIndex(i);
            if (name.Waiting.Count == 0) continue;
            var first = name.Waiting.FirstOrDefault(w => w.Local is not { } local || (local.Uid == process.Domain && ExceptFor(local) != process.Id && !local.Task.IsCompleted));
            if (first is not null && (oldest is null || first.Number < oldest.Number)) oldest = first;
        }
        return oldest;
    }

    private FlowEntry? Spawn(FlowRequest request, int processId)
    {
        if (!_registry.Processes.TryGetValue(processId, out var process))
        {
            request.Fail(FlowError.InvalidArgument, $"process {processId} is not attached; attach the application first");
            return null;
        }
        var flow = _registry.AddFlow(process);
        if (flow is null)
        {
            request.Fail(FlowError.BadDescriptor, $"all {_settings.MaxFlows - 1} flow ids are in use; deallocate flows or raise ouroboros.irmd.max-flows");
            return null;
        }
        flow.Own = request;
        // The pool of a user stays until the last endpoint that packets can be delivered to is gone.
        _services.Domains.Retain(flow.Uid);
        return flow;
    }

    private void DeliverDirect(AllocateRequest request, NameEntry name, FlowEntry flow)
    {
        flow.Name = name.Name;
        flow.Direct = true;
        flow.Below = request.ProcessId;
        flow.Qos = request.Qos;
        flow.Taken = false;
        flow.Delivered = request;
        if (_registry.Processes.TryGetValue(request.ProcessId, out var client)) client.Flows.Add(flow.Id);
        _flows.Tell(new FlowProtocol.ToFlow(flow.Id, new FlowProtocol.DirectRequest(request, name.Info)));
    }

    private void DeliverRemote(IpcpProtocol.FlowRequestArrived request, IActorRef ipcp, NameEntry name, FlowEntry flow)
    {
        flow.Name = name.Name;
        flow.Direct = false;
        flow.Below = request.IpcpId;
        flow.Qos = request.Qos;
        flow.Mpl = request.Mpl;
        flow.Taken = false;
        var delivery = new FlowProtocol.LayerRequest(request, ipcp, name.Info);
        flow.Delivered = delivery;
        _flows.Tell(new FlowProtocol.ToFlow(flow.Id, delivery));
    }

    private void OnFlowRequestArrived(IpcpProtocol.FlowRequestArrived request, IActorRef ipcp)
    {
        if (!_registry.Ipcps.TryGetValue(request.IpcpId, out var entry) || entry.Layer is null)
        {
            Refuse(request, ipcp, FlowError.IpcpFailed);
            return;
        }
        var name = _registry.FindName(entry.Layer.Hash, request.Hash);
        if (name is null)
        {
            Refuse(request, ipcp, FlowError.NameUnknown);
            return;
        }
        PlaceRemote(request, ipcp, name);
    }

    private void PlaceRemote(IpcpProtocol.FlowRequestArrived request, IActorRef ipcp, NameEntry name)
    {
        if (TakeAcceptor(name, domain: null) is { } acceptor) DeliverRemote(request, ipcp, name, acceptor);
        // Anybody can make requests; those beyond this many would wait in vain anyway.
        else if ((name.Processes.Count == 0 && name.AutoStart.Count == 0) || name.Waiting.Count >= _services.Config.Security.MaxWaiting) Refuse(request, ipcp, FlowError.IpcpFailed);
        else Wait(new WaitingRequest(name, ++_registry.LastWaiting) { Remote = request, Ipcp = ipcp });
    }

    private void Refuse(IpcpProtocol.FlowRequestArrived request, IActorRef ipcp, FlowError error) =>
        ipcp.Tell(new IpcpProtocol.RespondFlow(request.Request, 0, null, error, default, ActorRefs.Nobody), Self);

    /// <summary>
    /// Takes the first acceptor in line, of one trust domain or of any, out of every line. No IPCP gets a flow to itself: members of a layer
    /// are bound to its name, and look for another member by it.
    /// </summary>
    private static FlowEntry? TakeAcceptor(NameEntry name, uint? domain, int except = 0)
    {
        for (var node = name.Acceptors.First; node is not null; node = node.Next)
        {
            var flow = node.Value;
            if (flow.Own is not { Task.IsCompleted: false } || flow.ProcessId == except || (domain is { } d && flow.Uid != d)) continue;
            NameEntry.Delist(flow);
            return flow;
        }
        return null;
    }

    /// <summary>Who must not answer a request: the IPCP that makes it. 0 = anybody may.</summary>
    private int ExceptFor(AllocateRequest request) => _registry.Ipcps.ContainsKey(request.ProcessId) ? request.ProcessId : 0;

    private void OnUndelivered(FlowEntry flow, object request)
    {
        if (ReferenceEquals(flow.Delivered, request)) TakeBack(flow);
        PlaceAgain(request);
    }

    private void OnStillWaiting(FlowEntry flow)
    {
        if (_registry.Flows.GetValueOrDefault(flow.Id) != flow || flow.State != FlowState.AcceptPending) return;
        TakeBack(flow);
        if (flow.Own is not AcceptRequest { Task.IsCompleted: false } accept) return;
        if (accept.Timeout == TimeSpan.Zero && _registry.Processes.TryGetValue(flow.ProcessId, out var process) && FindWaiting(process) is null)
        {
            accept.Fail(FlowError.TimedOut, "nobody asks for a flow now");
            _flows.Tell(new FlowProtocol.ToFlow(flow.Id, new FlowProtocol.GivenUp(accept)));
            return;
        }
        Offer(flow);
    }

    /// <summary>The flow has nothing delivered to it any more.</summary>
    private void TakeBack(FlowEntry flow)
    {
        if (flow.Direct && flow.Below != flow.ProcessId && _registry.Processes.TryGetValue(flow.Below, out var client)) client.Flows.Remove(flow.Id);
        flow.Delivered = null;
        flow.Taken = false;
        flow.Direct = false;
        flow.Below = 0;
    }

    private void PlaceAgain(object request)
    {
        switch (request)
        {
            case AllocateRequest { Task.IsCompleted: true }:
                break;
            case AllocateRequest local when _registry.Names.TryGetValue(local.Destination, out var name):
                Place(local, name);
                break;
            case AllocateRequest local:
                local.Fail(FlowError.NameUnknown, $"name '{local.Destination}' was destroyed meanwhile");
                break;
            case FlowProtocol.LayerRequest remote:
                OnFlowRequestArrived(remote.Request, remote.Ipcp);
                break;
        }
    }

    private void OnGivenUp(FlowRequest request)
    {
        if (request is AllocateRequest allocate && _registry.Names.TryGetValue(allocate.Destination, out var name))
        {
            var waiting = name.Waiting.FirstOrDefault(w => w.Local == allocate);
            if (waiting is not null)
            {
                name.Waiting.Remove(waiting);
                Timers.Cancel(waiting);
                return;
            }
        }
        var flow = _registry.Processes.TryGetValue(request.ProcessId, out var process)
            ? process.Flows.Select(id => _registry.Flows.GetValueOrDefault(id)).FirstOrDefault(f => f?.Own == request || ReferenceEquals(f?.Delivered, request))
            : null;
        if (flow is null) return;
        NameEntry.Delist(flow);
        _flows.Tell(new FlowProtocol.ToFlow(flow.Id, new FlowProtocol.GivenUp(request)));
    }

    private void OnWithdraw(int flowId)
    {
        if (_registry.Flows.TryGetValue(flowId, out var flow)) NameEntry.Delist(flow);
        _flows.Tell(new FlowProtocol.ToFlow(flowId, new FlowProtocol.Withdrawn()));
    }

    private void OnGone(FlowEntry flow)
    {
        // The number may belong to another flow by now.
        if (_registry.Flows.GetValueOrDefault(flow.Id) != flow) return;
        const string reason = "the flow was stopped while it was being set up; try again";
        var (delivered, taken) = (flow.Delivered, flow.Taken);
        flow.Own?.Fail(FlowError.BrokenPipe, reason);
        flow.State = FlowState.Deallocated;
        _registry.RemoveFlow(flow);
        _services.Domains.Leave(flow.Uid);
        if (delivered is not null && !taken) PlaceAgain(delivered);
        else (delivered as AllocateRequest)?.Fail(FlowError.BrokenPipe, reason);
    }

    private Deadline Sooner(Deadline deadline, TimeSpan timeout) =>
        deadline.Remaining is var left && left != Timeout.InfiniteTimeSpan && left < timeout ? deadline : Deadline.After(_services.Time, timeout);
}
