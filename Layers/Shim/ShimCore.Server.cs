using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Shim;

/// <content>The side that is asked for flows.</content>
public sealed partial class ShimCore
{
    private const int MaxRemembered = 4096;

    // Numbers are never used again, not even after a restart: an answer that comes late must not meet a new request.
    private static long s_lastRequest;

    private readonly RequestLimiter<LinkAddress> _limiter;
    private readonly Dictionary<long, IncomingRequest> _arrived = [];
    private readonly Dictionary<RequestKey, IncomingRequest> _requests = [];
    private readonly Dictionary<LinkAddress, int> _arrivedFrom = [];
    private readonly Queue<IncomingRequest> _answered = new();

    /// <summary>Requests that arrived and wait for <see cref="Respond"/>.</summary>
    public int ArrivedCount => _arrived.Count;

    /// <summary>Requests that are remembered, answered or not.</summary>
    public int RememberedCount => _requests.Count;

    /// <summary>Answers a <see cref="ShimEvent.RequestArrived"/>.</summary>
    /// <param name="request">Its number.</param>
    /// <param name="response"><see cref="FlowError.None"/> accepts.</param>
    /// <param name="flowId">The runtime's number of the accepting flow.</param>
    /// <param name="endpoint">The accepting end; null with a refusal.</param>
    /// <param name="data">The handshake's answer.</param>
    /// <param name="token">What the shell wants to find again in the flow.</param>
    /// <param name="now">The clock.</param>
    /// <param name="flow">The flow that was made; connect it before the reply is sent.</param>
    /// <returns>
    /// <see cref="FlowError.FlowDown"/>: who asked has given up. <see cref="FlowError.BadDescriptor"/>: no endpoint id is free, and the peer
    /// is told. <see cref="FlowError.MessageTooLong"/>: the handshake does not fit into a frame, and the peer is told.
    /// </returns>
    public FlowError Respond(
        long request, FlowError response, int flowId, FlowEndpoint? endpoint, ReadOnlySpan<byte> data, object? token, TimeSpan now, out ShimFlow? flow)
    {
        flow = null;
        if (!_arrived.Remove(request, out var arrived)) return FlowError.FlowDown;
        Left(arrived.Source);
        if (response != FlowError.None || endpoint is null)
        {
            SendRefusal(arrived, response == FlowError.None ? FlowError.IpcpFailed : response, now);
            return FlowError.None;
        }
        if (_flows.FindFlow(flowId) is not null) return Fail(arrived, FlowError.AlreadyExists, now);
        if (!_flows.TryChoose(now, out var eid))
        {
            Counters.Note(ShimDrop.NoEid);
            return Fail(arrived, FlowError.BadDescriptor, now);
        }
        var reply = Encode(new ShimMessage
        {
            Kind = ShimMessageKind.FlowReply,
            Requester = arrived.Key.Eid,
            Responder = eid,
            Data = data,
            Offer = arrived.IsOurs ? _offer : ShimOffer.None,
        });
        if (reply is null)
        {
            Counters.Note(ShimDrop.TooLong);
            return Fail(arrived, FlowError.MessageTooLong, now);
        }
        flow = new ShimFlow(eid, flowId, endpoint, token) { State = ShimFlowState.Open, PeerIsOurs = arrived.IsOurs };
        flow.SetRoute(new ShimRoute(_own, arrived.Source, eid, arrived.Key.Eid));
        _flows.Add(flow);
        arrived.Eid = eid;
        SendReply(arrived, reply, now);
        return FlowError.None;
    }

    private FlowError Fail(IncomingRequest arrived, FlowError error, TimeSpan now)
    {
        SendRefusal(arrived, FlowError.IpcpFailed, now);
        return error;
    }

    private void OnRequest(in ShimMessage message, LinkAddress source, TimeSpan now)
    {
        var isOurs = _settings.MakeOffer && ShimOffer.IsOffer(message.Offer);
        var key = new RequestKey(source, message.Requester, HandshakeId.Of(message.Data));
        if (_requests.TryGetValue(key, out var known))
        {
            Counters.Note(ShimDrop.DuplicateRequest);
            // A second reply does harm to a client of the reference; ours asks for it by repeating.
            if (known is { IsOurs: true, Reply: { } reply } && isOurs && StillOpen(known)) Send(source, reply, now, now);
            return;
        }
        if (!_limiter.TryTake(source, now))
        {
            Counters.Note(ShimDrop.RateLimited);
            return;
        }
        var hash = new NameHash(message.Hash);
        if (!_registry.Contains(hash))
        {
            Counters.Note(ShimDrop.UnknownName);
            if (_settings.NegativeReplies) Send(source, Refusal(message.Requester, FlowError.NameUnknown, isOurs), isOurs ? now : now + _settings.HoldBack, now);
            return;
        }
        var fromSource = _arrivedFrom.GetValueOrDefault(source);
        if (_arrived.Count >= _settings.MaxArrived || fromSource >= Math.Max(1, _settings.MaxArrived / 2))
        {
            Counters.Note(ShimDrop.TooManyRequests);
            return;
        }
        var request = new IncomingRequest
        {
            Number = Interlocked.Increment(ref s_lastRequest),
            Key = key,
            Hash = hash,
            Qos = message.Qos,
            IsOurs = isOurs,
            ArrivedAt = now,
            ExpiresAt = now + _settings.ResponseTimeout,
        };
        _arrived.Add(request.Number, request);
        _arrivedFrom[source] = fromSource + 1;
        _requests.Add(key, request);
        _timers.Enqueue(request, request.ExpiresAt);
        _events.Enqueue(new ShimEvent.RequestArrived(request.Number, hash, message.Qos, message.Data.ToArray()));
    }

    /// <summary>Repeats are for replies that got lost, not for flows that are gone.</summary>
    private bool StillOpen(IncomingRequest request) =>
        request.Eid == 0 || (_flows.Find(request.Eid)?.Route is { } route && route.Peer == request.Source && route.PeerEid == request.Key.Eid);

    private void SendRefusal(IncomingRequest request, FlowError error, TimeSpan now)
    {
        // The reference leaves these two without an answer (shims-ethernet.md 6.3), but its clients understand one.
        if (!_settings.NegativeReplies && error is FlowError.NameUnknown or FlowError.IpcpFailed) Remember(request, null, now);
        else SendReply(request, Refusal(request.Key.Eid, error, request.IsOurs), now);
    }

    private byte[] Refusal(uint requester, FlowError error, bool isOurs) => Encode(new ShimMessage
    {
        Kind = ShimMessageKind.FlowReply,
        Requester = requester,
        Response = -(int)error,
        Offer = isOurs ? _offer : ShimOffer.None,
    })!;

    private void SendReply(IncomingRequest request, byte[] reply, TimeSpan now)
    {
        Remember(request, reply, now);
        Send(request.Source, reply, request.IsOurs ? now : request.ArrivedAt + _settings.HoldBack, now);
    }

    private void Remember(IncomingRequest request, byte[]? reply, TimeSpan now)
    {
        request.IsAnswered = true;
        request.Reply = reply;
        request.ExpiresAt = now + _settings.AnswerMemory;
        _answered.Enqueue(request);
        while (_answered.Count > MaxRemembered) _requests.Remove(_answered.Dequeue().Key);
    }

    private void TickRequest(IncomingRequest request, TimeSpan now)
    {
        if (!_requests.TryGetValue(request.Key, out var same) || same != request) return;
        if (request.ExpiresAt > now)
        {
            _timers.Enqueue(request, request.ExpiresAt);
            return;
        }
        if (!request.IsAnswered)
        {
            _arrived.Remove(request.Number);
            Left(request.Source);
            SendRefusal(request, FlowError.IpcpFailed, now);
            _timers.Enqueue(request, request.ExpiresAt);
            return;
        }
        _requests.Remove(request.Key);
        while (_answered.TryPeek(out var oldest) && oldest.ExpiresAt <= now)
        {
            _answered.Dequeue();
            if (_requests.TryGetValue(oldest.Key, out var old) && old == oldest) _requests.Remove(oldest.Key);
        }
    }

    /// <summary>Who asked has given up: the request is over, or the flow that it became is returned.</summary>
    private ShimFlow? WithdrawRequest(uint requester, LinkAddress source)
    {
        foreach (var request in _requests.Values)
        {
            if (request.Key.Eid != requester || request.Source != source) continue;
            if (request.IsAnswered) return request.Eid == 0 ? null : _flows.Find(request.Eid);
            // Whoever accepts it now is told so.
            _arrived.Remove(request.Number);
            Left(source);
            request.IsAnswered = true;
            _answered.Enqueue(request);
            return null;
        }
        return null;
    }

    private void Left(LinkAddress source)
    {
        if (!_arrivedFrom.TryGetValue(source, out var count)) return;
        if (count <= 1) _arrivedFrom.Remove(source);
        else _arrivedFrom[source] = count - 1;
    }
}
