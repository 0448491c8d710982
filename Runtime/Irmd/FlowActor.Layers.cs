using Akka.Actor;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;
using Ouroboros.Runtime.Security.Handshakes;

namespace Ouroboros.Runtime.Irmd;

/// <content>Flows through a layer: which layer, the exchange with its IPCP, and requests that arrive from it.</content>
internal sealed partial class FlowActor
{
    /// <summary>All layers are asked at once; the first in order of preference that knows the name gets the flow.</summary>
    private void AskLayers(FlowProtocol.StartAllocate message)
    {
        _setup!.Name = message.Name;
        _setup.Candidates = message.Candidates;
        // It answers at once, and says whether it knows the name.
        if (message.Candidates is [var only] && TryAllocatePlainly(_setup, only)) return;
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
        if (setup.Chosen is not null) return;
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
        setup.Own.Fail(FlowError.IpcpFailed, NobodyKnows(setup));
        End();
    }

    private string NobodyKnows(FlowSetup setup) =>
        $"none of the {setup.Candidates.Count} layers here knows '{_entry.Name}': {string.Join(", ", setup.Candidates.Select(c => c.Layer))}; register it where its server is";

    /// <summary>
    /// Asks a local layer for the flow without an exchange when neither side of the name has anything configured: between two flows of this runtime there is
    /// nothing to find out then.
    /// </summary>
    private bool TryAllocatePlainly(FlowSetup setup, FlowProtocol.Candidate layer)
    {
        if (!layer.IsLocal || !_services.Security.IsPlain(setup.Name!, FlowSide.Client) || !_services.Security.IsPlain(setup.Name!, FlowSide.Server)) return false;
        setup.Chosen = layer;
        SendAllocate(layer, default, mayEncrypt: false);
        return true;
    }

    private void AllocateFrom(FlowSetup setup, FlowProtocol.Candidate layer)
    {
        setup.QueryTimer?.Timer?.Cancel();
        if (TryAllocatePlainly(setup, layer)) return;
        setup.Chosen = layer;
        try
        {
            setup.Begun = _services.Security.TryBeginLight(setup.Name!);
        }
        catch (FlowException e)
        {
            RefuseAllocation(e);
            return;
        }
        if (setup.Begun is { } begun) SendAllocate(layer, begun.Request, begun.MayEncrypt);
        else StartHandshake(new Handshake(HandshakeKind.Client, setup.Name!, Self, setup.Own.Deadline));
    }

    private void SendAllocate(FlowProtocol.Candidate layer, ReadOnlyMemory<byte> blob, bool mayEncrypt)
    {
        var request = (AllocateRequest)_setup!.Own;
        _ipcp = layer.Ipcp;
        _isLocal = layer.IsLocal;
        _entry.Below = layer.IpcpId;
        _entry.State = FlowState.AllocPending;
        request.Endpoint.Qos = request.Qos;
        // The peer may write before we have read its answer, and with it the key.
        if (!request.Qos.IsRaw || mayEncrypt) request.Endpoint.Hold();
        _ipcp.Tell(new IpcpProtocol.AllocateFlow(_entry.Id, request.Endpoint, request.Qos, layer.Hash, blob), Self);
    }

    private void OnFlowReply(IpcpProtocol.FlowReply message)
    {
        // Late, duplicate and unasked-for answers change nothing.
        if (_entry.State != FlowState.AllocPending || message.FlowId != _entry.Id || _setup!.Answered) return;
        _setup.Answered = true;
        var request = _setup.Own;
        if (message.Response != FlowError.None)
        {
            StopTimer();
            _ipcp = ActorRefs.Nobody;
            var error = request is JoinRequest ? FlowError.NotAllocated : message.Response is FlowError.NameUnknown ? FlowError.IpcpFailed : message.Response;
            request.Fail(error, Refusal(request, message.Response));
            End();
            return;
        }
        _entry.Mpl = message.Mpl;
        if (_setup.Handshake is { } handshake)
        {
            handshake.Saga.Tell(new OapProtocol.Response(message.Data), Self);
            return;
        }
        if (_setup.Begun is not { } begun)
        {
            // A join, or nothing to agree on.
            CompleteAllocation(FlowProtection.None);
            return;
        }
        if (!begun.IsLight(message.Data))
        {
            // The server says who it is, which takes longer to check than this actor has.
            _setup.Begun = null;
            var check = new Handshake(HandshakeKind.Client, _setup.Name!, Self, request.Deadline) { Data = message.Data };
            check.Pass(begun);
            StartHandshake(check);
            return;
        }
        FlowProtection protection;
        try
        {
            protection = begun.Complete(message.Data);
        }
        catch (FlowException e)
        {
            RefuseAllocation(e);
            return;
        }
        CompleteAllocation(protection);
    }

    private void RefuseAllocation(FlowException e)
    {
        StopTimer();
        _setup!.Own.Fail(e.Error, e.Message);
        if (_entry.State == FlowState.AllocPending) _setup.Own.Endpoint.Close();
        // A peer that has a flow by now is told by deallocation.
        ReleaseBelow();
        End();
    }

    private void CompleteAllocation(FlowProtection protection)
    {
        StopTimer();
        var request = _setup!.Own;
        _own = request.Endpoint;
        using (protection)
        {
            if (request is AllocateRequest) StartStages(_own, _entry.Mpl, protection);
        }
        _entry.State = FlowState.Allocated;
        var granted = Grant(request, _entry.Mpl, 0, protection);
        SetUp();
        if (!granted) Close(_own);
    }

    private void StartStages(FlowEndpoint end, TimeSpan mpl, FlowProtection protection)
    {
        // A raw flow in clear has none between two ends of one runtime; but the end may have some, of a client that gave up meanwhile.
        if (_isLocal && end.Qos.IsRaw && protection.Algorithm == CipherAlgorithm.None && end.Stage is null) return;
        end.Start(_services.StagesOf(mpl, protection.TakeCipher()));
    }

    private string Refusal(FlowRequest request, FlowError response) => (request, response) switch
    {
        (JoinRequest, FlowError.NotSupported) => $"layer '{_entry.Name}' is not a broadcast layer; allocate a flow to a name instead",
        (JoinRequest, _) => $"layer '{_entry.Name}' could not be joined: {response}",
        (_, FlowError.IpcpFailed) => $"nobody accepted '{_entry.Name}'; start its server, or bind it to the name",
        (_, FlowError.NameUnknown) when _setup!.Answers.Length == 0 => NobodyKnows(_setup),
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
        if (message.Request is { IsLocal: true, Data.IsEmpty: true })
        {
            AcceptRequest(FlowProtection.None);
            return;
        }
        FlowProtection? protection;
        try
        {
            protection = _services.Security.TryServeLight(message.Name, message.Request.Data);
        }
        catch (FlowException e)
        {
            RefuseRequest(e);
            return;
        }
        if (protection is not null) AcceptRequest(protection);
        else StartHandshake(new Handshake(HandshakeKind.Server, message.Name, Self, HandshakeDeadline()) { Data = message.Request.Data });
    }

    private void RefuseRequest(FlowException e)
    {
        _setup!.Own.Fail(e.Error, e.Message);
        TurnAwayUnanswered(e.Error is FlowError.CryptoFailed or FlowError.AuthenticationFailed ? e.Error : FlowError.IpcpFailed);
        End();
    }

    private void AcceptRequest(FlowProtection protection)
    {
        var (request, ipcp) = (_setup!.Unanswered!.Request, _setup.Unanswered.Ipcp);
        _setup.Unanswered = null;
        _setup.Protection = protection;
        _ipcp = ipcp;
        _isLocal = request.IsLocal;
        _entry.Below = request.IpcpId;
        _entry.Mpl = request.Mpl;
        _entry.State = FlowState.Allocated;
        _own = _setup.Own.Endpoint;
        _own.Qos = request.Qos;
        StartStages(_own, request.Mpl, protection);
        StartTimer(Settings.IpcpTimeout);
        _ipcp.Tell(new IpcpProtocol.RespondFlow(request.Request, _entry.Id, _own, FlowError.None, protection.Response, Self), Self);
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
                WaitOn();
                return;
            }
            setup.Own.Fail(FlowError.IpcpFailed, $"the layer could not connect the flow: {message.Error}");
            End();
            return;
        }
        var granted = Grant(setup.Own, _entry.Mpl, 0, setup.Protection);
        SetUp();
        // The acceptor gave up in the last moment.
        if (!granted) Close(_own);
    }
}
