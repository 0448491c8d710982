using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd;

/// <content>Flows through a layer: which layer, the exchange with its IPCP, and requests that arrive from it.</content>
internal sealed partial class FlowActor
{
    /// <summary>All layers are asked at once; the first in order of preference that knows the name gets the flow.</summary>
    private void AskLayers(FlowProtocol.StartAllocate message)
    {
        _setup!.Candidates = message.Candidates;
        _setup.Answers = new bool?[message.Candidates.Count];
        _setup.QueryTimer = new QueryExpired();
        _setup.QueryTimer.Timer = Context.System.Scheduler.ScheduleTellOnceCancelable(Settings.QueryTimeout, Self, _setup.QueryTimer, Self);
        foreach (var candidate in message.Candidates) candidate.Ipcp.Tell(new IpcpProtocol.Query(candidate.Hash), Self);
    }

    private void OnQueryAnswer(IpcpProtocol.QueryAnswer message)
    {
        if (_entry.State != FlowState.Init || _setup is not { } setup) return;
        for (var i = 0; i < setup.Candidates.Count; i++)
        {
            if (setup.Candidates[i].IpcpId == message.IpcpId) setup.Answers[i] ??= message.Found;
        }
        Choose(setup);
    }

    private void OnQueryExpired()
    {
        if (_entry.State != FlowState.Init || _setup is not { } setup) return;
        for (var i = 0; i < setup.Answers.Length; i++) setup.Answers[i] ??= false;
        Choose(setup);
    }

    private void Choose(FlowSetup setup)
    {
        for (var i = 0; i < setup.Answers.Length; i++)
        {
            if (setup.Answers[i] is null) return; // a preferred layer has not answered
            if (setup.Answers[i] == true)
            {
                AllocateFrom(setup, setup.Candidates[i]);
                return;
            }
        }
        setup.QueryTimer?.Timer?.Cancel();
        setup.Own.Fail(
            FlowError.IpcpFailed,
            $"none of the {setup.Candidates.Count} layers here knows '{_entry.Name}': {string.Join(", ", setup.Candidates.Select(c => c.Layer))}; register it where its server is");
        End();
    }

    private void AllocateFrom(FlowSetup setup, FlowProtocol.Candidate layer)
    {
        setup.QueryTimer?.Timer?.Cancel();
        var request = (AllocateRequest)setup.Own;
        ReadOnlyMemory<byte> blob;
        try
        {
            (blob, setup.Security) = _services.Security.Begin(request.Destination);
        }
        catch (FlowException e)
        {
            request.Fail(e.Error, e.Message);
            End();
            return;
        }
        _ipcp = layer.Ipcp;
        _entry.Below = layer.IpcpId;
        _entry.State = FlowState.AllocPending;
        request.Endpoint.Qos = request.Qos;
        // The peer may write before we have read its answer.
        if (!request.Qos.IsRaw) request.Endpoint.Hold();
        _ipcp.Tell(new IpcpProtocol.AllocateFlow(_entry.Id, request.Endpoint, request.Qos, layer.Hash, blob), Self);
    }

    private void OnFlowReply(IpcpProtocol.FlowReply message)
    {
        // Late, duplicate and unasked-for answers change nothing.
        if (_entry.State != FlowState.AllocPending || message.FlowId != _entry.Id) return;
        StopTimer();
        var request = _setup!.Own;
        if (message.Response != FlowError.None)
        {
            _ipcp = ActorRefs.Nobody;
            var error = request is JoinRequest ? FlowError.NotAllocated : message.Response is FlowError.NameUnknown ? FlowError.IpcpFailed : message.Response;
            request.Fail(error, Refusal(request, message.Response));
            End();
            return;
        }
        _entry.Mpl = message.Mpl;
        try
        {
            if (request is AllocateRequest allocate) _services.Security.Complete(allocate.Destination, _setup.Security, message.Data);
        }
        catch (FlowException e)
        {
            // The peer has a flow by now: it is told by deallocation.
            request.Fail(e.Error, e.Message);
            request.Endpoint.Close();
            ReleaseBelow();
            End();
            return;
        }
        _own = request.Endpoint;
        if (request is AllocateRequest) _own.Start(_services.StagesOf(message.Mpl));
        _entry.State = FlowState.Allocated;
        var granted = Grant(request, message.Mpl, 0);
        SetUp();
        if (!granted) Close(_own);
    }

    private string Refusal(FlowRequest request, FlowError response) => (request, response) switch
    {
        (JoinRequest, FlowError.NotSupported) => $"layer '{_entry.Name}' is not a broadcast layer; allocate a flow to a name instead",
        (JoinRequest, _) => $"layer '{_entry.Name}' could not be joined: {response}",
        (_, FlowError.IpcpFailed) => $"nobody accepted '{_entry.Name}'; start its server, or bind it to the name",
        (_, FlowError.NameUnknown) => $"'{_entry.Name}' is registered in the layer but not known where it is; create the name there or unregister it",
        _ => $"'{_entry.Name}' refused the flow: {response}",
    };

    private void OnLayerRequest(FlowProtocol.LayerRequest message)
    {
        if (_entry.State != FlowState.AcceptPending || _setup!.Own.Task.IsCompleted)
        {
            _irmd.Tell(new FlowProtocol.Undelivered(_entry, message), Self);
            if (_entry.State == FlowState.AcceptPending) Withdraw();
            return;
        }
        _entry.Taken = true;
        _setup.Unanswered = message;
        StopTimer();
        var request = message.Request;
        ReadOnlyMemory<byte> blob;
        try
        {
            blob = _services.Security.Serve(message.Name, request.Data);
            _setup.Unanswered = null;
        }
        catch (FlowException e)
        {
            _setup.Unanswered = null;
            _setup.Own.Fail(e.Error, e.Message);
            message.Ipcp.Tell(new IpcpProtocol.RespondFlow(request.Request, 0, null, e.Error, default, ActorRefs.Nobody), Self);
            End();
            return;
        }
        _ipcp = message.Ipcp;
        _entry.Below = request.IpcpId;
        _entry.Mpl = request.Mpl;
        _entry.State = FlowState.Allocated;
        _own = _setup.Own.Endpoint;
        _own.Qos = request.Qos;
        _own.Start(_services.StagesOf(request.Mpl));
        StartTimer(Settings.IpcpTimeout);
        _ipcp.Tell(new IpcpProtocol.RespondFlow(request.Request, _entry.Id, _own, FlowError.None, blob, Self), Self);
    }

    private void OnFlowResponded(IpcpProtocol.FlowResponded message)
    {
        if (_entry.State != FlowState.Allocated || _setup is not { } setup || message.FlowId != _entry.Id) return;
        StopTimer();
        if (message.Error != FlowError.None)
        {
            _ipcp = ActorRefs.Nobody;
            if (message.Error == FlowError.FlowDown && !setup.Own.Task.IsCompleted)
            {
                // Whoever asked has given up meanwhile; that is no reason to bother the acceptor.
                _own = null;
                _entry.State = FlowState.AcceptPending;
                StartTimer(setup.Own.Deadline.Remaining);
                _irmd.Tell(new FlowProtocol.StillWaiting(_entry), Self);
                return;
            }
            setup.Own.Fail(FlowError.IpcpFailed, $"the layer could not connect the flow: {message.Error}");
            End();
            return;
        }
        var granted = Grant(setup.Own, _entry.Mpl, 0);
        SetUp();
        // The acceptor gave up in the last moment.
        if (!granted) Close(_own);
    }
}
