using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Shim;

/// <content>The side that asks for flows, and the release of flows of both sides.</content>
public sealed partial class ShimCore
{
    private static readonly TimeSpan[] DeallocRepeats = [TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(300)];

    private readonly Dictionary<HandshakeId, ShimFlow> _pendingById = [];

    /// <summary>
    /// Asks for a flow to a name that a query has found. <see cref="ShimEvent.Opened"/> or <see cref="ShimEvent.Refused"/> follows if
    /// this returns <see cref="FlowError.None"/>.
    /// </summary>
    /// <param name="flowId">The runtime's number.</param>
    /// <param name="endpoint">Whom packets are delivered to.</param>
    /// <param name="hash">The name.</param>
    /// <param name="qos">What is asked for.</param>
    /// <param name="data">The handshake; its first 16 bytes come back in the reply.</param>
    /// <param name="token">What the shell wants to find again in the flow.</param>
    /// <param name="now">The clock.</param>
    /// <returns>
    /// <see cref="FlowError.NameUnknown"/>, <see cref="FlowError.BadDescriptor"/> (no endpoint id is free),
    /// <see cref="FlowError.MessageTooLong"/> (the handshake does not fit into a frame), <see cref="FlowError.AlreadyExists"/>.
    /// </returns>
    public FlowError Allocate(int flowId, FlowEndpoint endpoint, NameHash hash, QosSpec qos, ReadOnlySpan<byte> data, object? token, TimeSpan now)
    {
        if (_flows.FindFlow(flowId) is not null) return FlowError.AlreadyExists;
        if (!_directory.TryGet(hash, now, out var destination, out var isOurs)) return FlowError.NameUnknown;
        if (!_flows.TryChoose(now, out var eid))
        {
            Counters.Note(ShimDrop.NoEid);
            return FlowError.BadDescriptor;
        }
        var message = Encode(new ShimMessage
        {
            Kind = ShimMessageKind.FlowRequest,
            Requester = eid,
            Qos = qos,
            Hash = hash.Span,
            Data = data,
            Offer = _offer,
        });
        if (message is null) return FlowError.MessageTooLong;
        var flow = new ShimFlow(eid, flowId, endpoint, token)
        {
            State = ShimFlowState.Pending,
            Peer = destination,
            PeerIsOurs = isOurs,
            Request = new OutgoingRequest
            {
                Hash = hash,
                Destination = destination,
                Message = message,
                Id = HandshakeId.Of(data),
                SentAt = now,
                ExpiresAt = now + _settings.AllocationTimeout,
                // The reference refuses a handshake that it has seen, so its nodes get each request once.
                RepeatAt = isOurs ? now + _settings.RequestRepeat : TimeSpan.MaxValue,
                RepeatAfter = 2 * _settings.RequestRepeat,
            },
        };
        _flows.Add(flow);
        if (flow.Request.Id.IsPresent) _pendingById[flow.Request.Id] = flow;
        _timers.Enqueue(flow, NextDue(flow));
        Send(destination, message, now, now);
        return FlowError.None;
    }

    /// <summary>
    /// Releases a flow in whatever state after a linger time in which it goes on. <see cref="ShimEvent.Released"/> tells the end, at once
    /// where there is nothing to wait for.
    /// </summary>
    /// <returns>false when there is no such flow.</returns>
    public bool Release(int flowId, TimeSpan linger, object? token, TimeSpan now)
    {
        var flow = _flows.FindFlow(flowId);
        if (flow is null) return false;
        if (linger > TimeSpan.Zero && flow.State == ShimFlowState.Open)
        {
            flow.State = ShimFlowState.Lingering;
            flow.ReleaseAt = now + linger;
            flow.ReleaseToken = token;
            _timers.Enqueue(flow, flow.ReleaseAt);
            return true;
        }
        ReleaseNow(flow, now);
        _events.Enqueue(new ShimEvent.Released(flow, token));
        return true;
    }

    private static TimeSpan NextDue(ShimFlow flow) =>
        flow.Request!.RepeatAt < flow.Request.ExpiresAt ? flow.Request.RepeatAt : flow.Request.ExpiresAt;

    private void OnReply(in ShimMessage message, LinkAddress source, TimeSpan now)
    {
        var isOurs = _settings.MakeOffer && ShimOffer.IsOffer(message.Offer);
        var flow = FindAsked(message, source, out var drop);
        if (flow is null)
        {
            Counters.Note(drop);
            // Given up meanwhile: the peer is not to keep a flow to nobody.
            if (drop == ShimDrop.UnaskedReply && message.Response == 0 && isOurs) SendDealloc(source, message.Requester, message.Responder, now);
            return;
        }
        var request = flow.Request!;
        if (isOurs) flow.PeerIsOurs = true;
        _directory.NoteAnswer(request.Hash, source, isOurs, now);
        if (message.Response != 0)
        {
            if (message.Response == -(int)FlowError.NameUnknown) _directory.Remove(request.Hash, request.Destination);
            Refuse(flow, ErrorOf(message.Response), now);
            return;
        }
        if (message.Responder < _codec.FirstPeerEid || message.Responder > _codec.LastPeerEid)
        {
            Counters.Note(ShimDrop.BadField);
            return;
        }
        flow.SetRoute(new ShimRoute(_own, source, flow.Eid, message.Responder));
        flow.State = ShimFlowState.Open;
        EndRequest(flow);
        _events.Enqueue(new ShimEvent.Opened(flow, message.Data.ToArray()));
    }

    /// <summary>
    /// The pending flow that a reply is for: by its endpoint id, or where that is not right by the handshake's id, which saves an allocation
    /// from the reference's race (shims-ethernet.md 10.5).
    /// </summary>
    private ShimFlow? FindAsked(in ShimMessage message, LinkAddress source, out ShimDrop drop)
    {
        var id = HandshakeId.Of(message.Data);
        var named = _flows.Find(message.Requester);
        drop = named switch
        {
            null => ShimDrop.UnaskedReply,
            { Request: null } => ShimDrop.DuplicateReply,
            _ => ShimDrop.WrongHandshake,
        };
        if (message.Response != 0)
        {
            // Nothing in a refusal shows that it is an answer to our request, except where it comes from.
            if (named?.Request is not { } refused) return null;
            if (refused.Destination == source) return named;
            drop = ShimDrop.WrongPeer;
            return null;
        }
        if (named?.Request is { } asked && asked.Id == id) return CheckSource(named, source, ref drop);
        if (!id.IsPresent || !_pendingById.TryGetValue(id, out var byId)) return null;
        return CheckSource(byId, source, ref drop);
    }

    private ShimFlow? CheckSource(ShimFlow flow, LinkAddress source, ref ShimDrop drop)
    {
        if (flow.Request!.Destination == source) return flow;
        // Without the handshake's id anybody could answer.
        if (_codec.ReplyMayComeFromElsewhere && flow.Request.Id.IsPresent) return flow;
        drop = ShimDrop.WrongPeer;
        return null;
    }

    private void OnDealloc(in ShimMessage message, LinkAddress source)
    {
        var flow = message.Responder != 0
            ? _flows.Find(message.Responder)
            : WithdrawRequest(message.Requester, source);
        if (flow?.Route is not { } route || route.Peer != source || route.PeerEid != message.Requester)
        {
            Counters.Note(ShimDrop.UnknownDealloc);
            return;
        }
        // Repeats are expected: the message may be lost.
        if (flow.PeerReleased) return;
        flow.PeerReleased = true;
        _events.Enqueue(new ShimEvent.PeerReleased(flow));
    }

    private void TickFlow(ShimFlow flow, TimeSpan now)
    {
        if (flow.State == ShimFlowState.Lingering && flow.ReleaseAt <= now)
        {
            ReleaseNow(flow, now);
            _events.Enqueue(new ShimEvent.Released(flow, flow.ReleaseToken));
            return;
        }
        if (flow.Request is not { } request) return;
        if (request.ExpiresAt <= now)
        {
            // Moved or dead, unless it has answered others since: then only this one was lost. The next query is to look again.
            _directory.RemoveSilent(request.Hash, request.Destination, request.SentAt);
            Refuse(flow, FlowError.TimedOut, now);
            return;
        }
        if (request.RepeatAt <= now)
        {
            Send(request.Destination, request.Message, now, now);
            request.RepeatAt = now + request.RepeatAfter;
            request.RepeatAfter = TimeSpan.FromTicks(Math.Min(2 * request.RepeatAfter.Ticks, _settings.RequestRepeatLimit.Ticks));
        }
        _timers.Enqueue(flow, NextDue(flow));
    }

    private void Refuse(ShimFlow flow, FlowError error, TimeSpan now)
    {
        EndRequest(flow);
        Forget(flow, now);
        _events.Enqueue(new ShimEvent.Refused(flow, error));
    }

    private void ReleaseNow(ShimFlow flow, TimeSpan now)
    {
        if (flow.Request is { } request)
        {
            if (flow.PeerIsOurs) SendDealloc(request.Destination, flow.Eid, 0, now);
            EndRequest(flow);
        }
        else if (flow is { PeerIsOurs: true, PeerReleased: false, Route: { } route })
        {
            SendDealloc(route.Peer, route.OwnEid, route.PeerEid, now);
        }
        Forget(flow, now);
    }

    private void EndRequest(ShimFlow flow)
    {
        if (flow.Request is { Id.IsPresent: true } request && _pendingById.TryGetValue(request.Id, out var same) && same == flow) _pendingById.Remove(request.Id);
        flow.Request = null;
    }

    private void Forget(ShimFlow flow, TimeSpan now)
    {
        flow.MarkReleased();
        _flows.Remove(flow, now);
    }

    private void SendDealloc(LinkAddress destination, uint own, uint peer, TimeSpan now)
    {
        if (!_settings.MakeOffer) return;
        var message = Encode(new ShimMessage { Kind = ShimMessageKind.Dealloc, Requester = own, Responder = peer, Offer = _offer });
        if (message is null) return;
        Send(destination, message, now, now);
        foreach (var after in DeallocRepeats)
        {
            // Only worth something while nobody else needs the room.
            if (_heldBack < _settings.MaxHeldBack / 2) Send(destination, message, now + after, now);
        }
    }

    /// <summary>The error number of a refusal as it came; what is none becomes <see cref="FlowError.IpcpFailed"/>.</summary>
    private static FlowError ErrorOf(int response) => response is < 0 and > -10_000 ? (FlowError)(-response) : FlowError.IpcpFailed;
}
