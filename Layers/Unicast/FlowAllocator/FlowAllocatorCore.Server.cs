using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Unicast.Wire;

namespace Ouroboros.Layers.Unicast;

/// <content>The side that is asked for flows.</content>
public sealed partial class FlowAllocatorCore
{
    // Numbers are never used again, not even after a restart: an answer that comes late must not meet a new request.
    private static long s_lastRequest;

    private readonly RequestLimiter<ulong> _limiter;
    private readonly Dictionary<long, ArrivedRequest> _arrived = [];
    private readonly Dictionary<RemoteEnd, ArrivedRequest> _requests = [];
    private readonly Dictionary<ulong, int> _arrivedFrom = [];
    private readonly Queue<ArrivedRequest> _answered = new();

    /// <summary>Requests that arrived and wait for <see cref="Respond"/>.</summary>
    public int ArrivedCount => _arrived.Count;

    /// <summary>Requests that are remembered, answered or not.</summary>
    public int RememberedCount => _requests.Count;

    /// <summary>Answers a request that was reported with <see cref="IFlowAllocatorOutput.RequestArrived"/>.</summary>
    /// <param name="request">Its number.</param>
    /// <param name="response"><see cref="FlowError.None"/> accepts.</param>
    /// <param name="flowId">The runtime's number of the accepting flow.</param>
    /// <param name="endpoint">The accepting end, connected when this returns; null with a refusal.</param>
    /// <param name="data">The handshake's answer.</param>
    /// <param name="token">What the shell wants to find again in the flow.</param>
    /// <param name="now">The clock.</param>
    /// <returns>
    /// <see cref="FlowError.FlowDown"/>: who asked has given up, or was given up. <see cref="FlowError.BadDescriptor"/>: too many flows, and the peer is
    /// told. <see cref="FlowError.MessageTooLong"/>: the handshake does not fit into a message, and the peer is told.
    /// </returns>
    public FlowError Respond(long request, FlowError response, int flowId, FlowEndpoint? endpoint, ReadOnlySpan<byte> data, object? token, TimeSpan now)
    {
        if (!_arrived.TryGetValue(request, out var arrived)) return FlowError.FlowDown;
        Left(arrived);
        if (response != FlowError.None || endpoint is null)
        {
            SendRefusal(arrived, response == FlowError.None ? FlowError.IpcpFailed : response, now);
            return FlowError.None;
        }
        if (_flows.ContainsKey(flowId) || _allocations.ContainsKey(flowId)) return Fail(arrived, FlowError.AlreadyExists, now);
        if (IsFull()) return Fail(arrived, FlowError.BadDescriptor, now);
        if (FlowAllocatorMessage.FixedLength + data.Length > FlowAllocatorMessage.MaxLength) return Fail(arrived, FlowError.MessageTooLong, now);
        var flow = MakeFlow(flowId, endpoint, arrived.Cube, token);
        flow.PeerIsOurs = arrived.IsOurs;
        _flows.Add(flowId, flow);
        arrived.Flow = flow;
        flow.Open(arrived.From);
        SendReply(arrived, new FlowAllocatorMessage
        {
            Code = FlowAllocatorCode.Reply,
            Source = arrived.IsOurs ? _dataTransfer.Address : 0,
            Receiver = arrived.From.Eid,
            Sender = flow.Eid,
            Data = data,
            Offer = arrived.IsOurs ? _offer : FlowAllocatorMessage.NoOffer,
        }.ToArray(), now);
        return FlowError.None;
    }

    private FlowError Fail(ArrivedRequest arrived, FlowError error, TimeSpan now)
    {
        SendRefusal(arrived, FlowError.IpcpFailed, now);
        return error;
    }

    private void OnRequest(in FlowAllocatorMessage message, TimeSpan now)
    {
        if (!IsAddress(message.Source) || !IsFlowEid(message.Sender))
        {
            _counters.Note(FlowAllocatorDrop.BadField);
            return;
        }
        var isOurs = _settings.MakeOffer && message.IsFromOurs;
        var from = new RemoteEnd(message.Source, message.Sender);
        if (_requests.TryGetValue(from, out var known))
        {
            _counters.Note(FlowAllocatorDrop.DuplicateRequest);
            // Ours asks for the reply by repeating the request, and wants it while there is a flow to open or none at all.
            if (isOurs && known is { IsOurs: true, Reply: { } reply } && known.Flow is not { IsReleased: true }) _output.Send(from.Address, reply);
            return;
        }
        if (!_limiter.TryTake(message.Source, now))
        {
            _counters.Note(FlowAllocatorDrop.RateLimited);
            return;
        }
        if (isOurs) MarkOurs(message.Source);
        if (message.Hash.IndexOfAnyExcept((byte)0) < 0)
        {
            // A question whether we are ours: see SendProbe.
            if (isOurs) _output.Send(message.Source, Refusal(from, FlowError.NameUnknown, isOurs));
            return;
        }
        var fromSource = _arrivedFrom.GetValueOrDefault(message.Source);
        if (_arrived.Count >= _settings.MaxArrived || fromSource >= Math.Max(1, _settings.MaxArrived / 2))
        {
            _counters.Note(FlowAllocatorDrop.TooManyRequests);
            return;
        }
        var request = new ArrivedRequest
        {
            Number = Interlocked.Increment(ref s_lastRequest),
            From = from,
            Cube = message.Qos.Cube,
            IsOurs = isOurs,
            ArrivedAt = now,
            ExpiresAt = now + _settings.ResponseTimeout,
        };
        _arrived.Add(request.Number, request);
        _arrivedFrom[message.Source] = fromSource + 1;
        _requests.Add(from, request);
        _timers.Enqueue(request, request.ExpiresAt);
        _output.RequestArrived(request.Number, new NameHash(message.Hash), message.Qos, message.Data.ToArray());
    }

    private void SendRefusal(ArrivedRequest request, FlowError error, TimeSpan now)
    {
        // The reference leaves these two without an answer, but its clients understand one.
        if (!_settings.NegativeReplies && error is FlowError.NameUnknown or FlowError.IpcpFailed) Remember(request, null, now);
        else SendReply(request, Refusal(request.From, error, request.IsOurs), now);
    }

    private byte[] Refusal(RemoteEnd to, FlowError error, bool isOurs) => new FlowAllocatorMessage
    {
        Code = FlowAllocatorCode.Reply,
        Source = isOurs ? _dataTransfer.Address : 0,
        Receiver = to.Eid,
        Response = -(int)error,
        Offer = isOurs ? _offer : FlowAllocatorMessage.NoOffer,
    }.ToArray();

    private void SendReply(ArrivedRequest request, byte[] reply, TimeSpan now)
    {
        Remember(request, reply, now);
        Send(request.From.Address, reply, request.IsOurs ? now : request.ArrivedAt + _settings.HoldBack, now);
    }

    private void Remember(ArrivedRequest request, byte[]? reply, TimeSpan now)
    {
        request.IsAnswered = true;
        request.Reply = reply;
        request.ExpiresAt = now + _settings.Memory;
        _timers.Enqueue(request, request.ExpiresAt);
        _answered.Enqueue(request);
        while (_answered.Count > _settings.MaxRemembered) _requests.Remove(_answered.Dequeue().From);
    }

    private void TickRequest(ArrivedRequest request, TimeSpan now)
    {
        if (request.ExpiresAt > now) return;
        if (!request.IsAnswered)
        {
            GiveUp(request, now);
            return;
        }
        while (_answered.TryPeek(out var oldest) && oldest.ExpiresAt <= now)
        {
            _answered.Dequeue();
            if (_requests.TryGetValue(oldest.From, out var same) && same == oldest) _requests.Remove(oldest.From);
        }
    }

    private void GiveUp(ArrivedRequest request, TimeSpan now)
    {
        Left(request);
        SendRefusal(request, FlowError.IpcpFailed, now);
    }

    private void OnRelease(in FlowAllocatorMessage message, TimeSpan now)
    {
        var from = new RemoteEnd(message.Source, message.Sender);
        var flow = message.Receiver != 0 ? _table.Find(message.Receiver) : Withdraw(from, now);
        if (flow is null || flow.IsReleased || flow.Remote != from)
        {
            _counters.Note(FlowAllocatorDrop.UnknownRelease);
            return;
        }
        // Repeats are expected: the message may be lost.
        if (flow.PeerReleased) return;
        flow.PeerReleased = true;
        _output.PeerReleased(flow);
    }

    /// <summary>Who asked has given up: the request is over, or the flow that it became is returned.</summary>
    private UnicastFlow? Withdraw(RemoteEnd from, TimeSpan now)
    {
        if (!_requests.TryGetValue(from, out var request)) return null;
        if (request.IsAnswered) return request.Flow;
        // Whoever accepts it now is told so.
        Left(request);
        Remember(request, null, now);
        return null;
    }

    private void Left(ArrivedRequest request)
    {
        _arrived.Remove(request.Number);
        if (!_arrivedFrom.TryGetValue(request.From.Address, out var count)) return;
        if (count <= 1) _arrivedFrom.Remove(request.From.Address);
        else _arrivedFrom[request.From.Address] = count - 1;
    }
}
