using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd;

/// <content>Flows through a layer: which layer, the exchange with its IPCP, and requests that arrive from it.</content>
internal sealed partial class FlowActor
{
    private const string QueryKey = "query";

    private IReadOnlyList<FlowProtocol.Candidate> _candidates = [];
    private bool?[] _answers = [];
    private object? _security;

    /// <summary>All layers are asked at once; the first in order of preference that knows the name gets the flow.</summary>
    private void AskLayers(FlowProtocol.StartAllocate message)
    {
        _candidates = message.Candidates;
        _answers = new bool?[_candidates.Count];
        Timers.StartSingleTimer(QueryKey, QueryExpired.Instance, Settings.QueryTimeout);
        foreach (var candidate in _candidates) candidate.Ipcp.Tell(new IpcpProtocol.Query(candidate.Hash), Self);
    }

    private void OnQueryAnswer(IpcpProtocol.QueryAnswer message)
    {
        if (_entry.State != FlowState.Init) return;
        for (var i = 0; i < _candidates.Count; i++)
        {
            if (_candidates[i].IpcpId == message.IpcpId) _answers[i] ??= message.Found;
        }
        Choose();
    }

    private void OnQueryExpired()
    {
        if (_entry.State != FlowState.Init) return;
        for (var i = 0; i < _answers.Length; i++) _answers[i] ??= false;
        Choose();
    }

    private void Choose()
    {
        for (var i = 0; i < _answers.Length; i++)
        {
            if (_answers[i] is null) return; // a preferred layer has not answered
            if (_answers[i] == true)
            {
                AllocateFrom(_candidates[i]);
                return;
            }
        }
        Timers.Cancel(QueryKey);
        _own!.Fail(FlowError.IpcpFailed, $"none of the {_candidates.Count} layers here knows '{_entry.Name}': {string.Join(", ", _candidates.Select(c => c.Layer))}; register it where its server is");
        End();
    }

    private void AllocateFrom(FlowProtocol.Candidate layer)
    {
        Timers.Cancel(QueryKey);
        var request = (AllocateRequest)_own!;
        ReadOnlyMemory<byte> blob;
        try
        {
            (blob, _security) = _services.Security.Begin(request.Destination);
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
        _ipcp.Tell(new IpcpProtocol.AllocateFlow(_entry.Id, request.Endpoint, request.Qos, layer.Hash, blob), Self);
    }

    private void OnFlowReply(IpcpProtocol.FlowReply message)
    {
        // Late, duplicate and unasked-for answers change nothing.
        if (_entry.State != FlowState.AllocPending || message.FlowId != _entry.Id) return;
        Timers.Cancel(DeadlineKey);
        var request = _own!;
        if (message.Response != FlowError.None)
        {
            _ipcp = ActorRefs.Nobody;
            var error = request is JoinRequest ? FlowError.NotAllocated : message.Response is FlowError.NameUnknown ? FlowError.IpcpFailed : message.Response;
            request.Fail(error, $"'{_entry.Name}' refused the flow: {message.Response}");
            End();
            return;
        }
        _entry.Mpl = message.Mpl;
        try
        {
            if (request is AllocateRequest allocate) _services.Security.Complete(allocate.Destination, _security, message.Data);
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
        _entry.State = FlowState.Allocated;
        if (Grant(request, message.Mpl, 0)) return;
        request.Endpoint.Close();
        OnReleased(request.Endpoint);
    }

    private void OnLayerRequest(FlowProtocol.LayerRequest message)
    {
        if (_entry.State != FlowState.AcceptPending || _own!.Task.IsCompleted)
        {
            _irmd.Tell(new FlowProtocol.Undelivered(message), Self);
            if (_entry.State == FlowState.AcceptPending) Withdraw();
            return;
        }
        Timers.Cancel(DeadlineKey);
        var request = message.Request;
        ReadOnlyMemory<byte> blob;
        try
        {
            blob = _services.Security.Serve(message.Name, request.Data);
        }
        catch (FlowException e)
        {
            _own.Fail(e.Error, e.Message);
            message.Ipcp.Tell(new IpcpProtocol.RespondFlow(request.Request, 0, null, e.Error, default, ActorRefs.Nobody), Self);
            End();
            return;
        }
        _ipcp = message.Ipcp;
        _entry.Below = request.IpcpId;
        _entry.Mpl = request.Mpl;
        _entry.State = FlowState.Allocated;
        _own.Endpoint.Qos = request.Qos;
        Timers.StartSingleTimer(DeadlineKey, Expired.Instance, Settings.IpcpTimeout);
        _ipcp.Tell(new IpcpProtocol.RespondFlow(request.Request, _entry.Id, _own.Endpoint, FlowError.None, blob, Self), Self);
    }

    private void OnFlowResponded(IpcpProtocol.FlowResponded message)
    {
        if (_entry.State != FlowState.Allocated || _own!.Task.IsCompletedSuccessfully) return;
        Timers.Cancel(DeadlineKey);
        if (message.Error != FlowError.None)
        {
            _ipcp = ActorRefs.Nobody;
            _own.Fail(FlowError.IpcpFailed, $"the layer could not connect the flow: {message.Error}");
            End();
            return;
        }
        if (Grant(_own, _entry.Mpl, 0)) return;
        // The acceptor gave up in the last moment.
        _own.Endpoint.Close();
        OnReleased(_own.Endpoint);
    }
}
