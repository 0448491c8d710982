using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Unicast.Wire;

namespace Ouroboros.Layers.Unicast;

/// <content>The side that asks for flows.</content>
public sealed partial class FlowAllocatorCore
{
    private readonly Dictionary<int, FlowAllocation> _allocations = [];
    private readonly Dictionary<NameHash, List<FlowAllocation>> _resolving = [];
    private readonly Dictionary<ulong, FlowAllocation> _probes = [];

    // Endpoint ids that were given up, and whom they were told to.
    private readonly Dictionary<ulong, ulong> _retired = [];

    /// <summary>Flows that were asked for and are not there yet.</summary>
    public int AllocationCount => _allocations.Count;

    /// <summary>
    /// Asks for a flow to a name. <see cref="IFlowAllocatorOutput.Opened"/> or <see cref="IFlowAllocatorOutput.Refused"/> follows if this returns
    /// <see cref="FlowError.None"/>.
    /// </summary>
    /// <param name="flowId">The runtime's number.</param>
    /// <param name="endpoint">Whom packets are delivered to.</param>
    /// <param name="hash">The name, of the layer's length.</param>
    /// <param name="qos">What is asked for.</param>
    /// <param name="data">The handshake, not to be changed any more; its first 16 bytes come back in the reply.</param>
    /// <param name="token">What the shell wants to find again in the flow.</param>
    /// <param name="now">The clock.</param>
    /// <returns>
    /// <see cref="FlowError.InvalidArgument"/> (a hash of another length), <see cref="FlowError.BadDescriptor"/> (too many flows),
    /// <see cref="FlowError.MessageTooLong"/> (the handshake does not fit into a message), <see cref="FlowError.AlreadyExists"/>.
    /// </returns>
    public FlowError Allocate(int flowId, FlowEndpoint endpoint, NameHash hash, QosSpec qos, ReadOnlyMemory<byte> data, object? token, TimeSpan now)
    {
        if (_allocations.ContainsKey(flowId) || _flows.ContainsKey(flowId)) return FlowError.AlreadyExists;
        if (hash.Length != _hashLength) return FlowError.InvalidArgument;
        if (FlowAllocatorMessage.FixedLength + hash.Length + data.Length > FlowAllocatorMessage.MaxLength) return FlowError.MessageTooLong;
        if (IsFull()) return FlowError.BadDescriptor;
        var allocation = new FlowAllocation
        {
            FlowId = flowId,
            Endpoint = endpoint,
            Hash = hash,
            Qos = qos,
            Data = data,
            Token = token,
            ExpiresAt = now + _settings.AllocationTimeout,
            RepeatAt = now + _settings.DirectoryRepeat,
        };
        _allocations.Add(flowId, allocation);
        _timers.Enqueue(allocation, allocation.Due);
        if (_resolving.TryGetValue(hash, out var others))
        {
            others.Add(allocation);
            return FlowError.None;
        }
        _resolving.Add(hash, [allocation]);
        _output.Resolve(hash);
        return FlowError.None;
    }

    /// <summary>The directory has answered.</summary>
    /// <param name="hash">The name.</param>
    /// <param name="addresses">Where it is; empty when it is nowhere.</param>
    /// <param name="error">Why there are none.</param>
    /// <param name="now">The clock.</param>
    public void OnResolved(NameHash hash, IReadOnlyList<ulong> addresses, FlowError error, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (!_resolving.Remove(hash, out var waiting)) return;
        foreach (var allocation in waiting)
        {
            if (allocation.IsOver) continue;
            // Those that are reached first: an address of before a restart may still be known to the directory.
            foreach (var address in addresses.Where(IsAddress).OrderBy(a => _dataTransfer.CanReach(a) ? 0 : 1)) allocation.Addresses.Enqueue(address);
            if (!StartAttempt(allocation, now)) Refuse(allocation, error == FlowError.None ? FlowError.NameUnknown : error, now);
        }
    }

    private bool IsFull()
    {
        if (_table.Count < _settings.MaxFlows && _allocations.Count < _settings.MaxFlows) return false;
        _counters.Note(FlowAllocatorDrop.TooManyFlows);
        return true;
    }

    private bool IsAddress(ulong address) => address is not 0 and <= uint.MaxValue && address != _dataTransfer.Address;

    /// <summary>Asks at the next address, with an endpoint id of its own: a reply does not tell whom it is from.</summary>
    private bool StartAttempt(FlowAllocation allocation, TimeSpan now)
    {
        allocation.Flow = null;
        if (!allocation.Addresses.TryDequeue(out var address)) return false;
        var flow = MakeFlow(allocation.FlowId, allocation.Endpoint, allocation.Qos.Cube, allocation.Token);
        var attempt = now + _settings.AttemptTimeout;
        allocation.Flow = flow;
        allocation.Address = address;
        allocation.IsSent = false;
        allocation.AttemptEndsAt = allocation.Addresses.Count == 0 || attempt > allocation.ExpiresAt ? allocation.ExpiresAt : attempt;
        allocation.RepeatAfter = _settings.RequestRepeat;
        allocation.ProbeAt = TimeSpan.MaxValue;
        allocation.ProbeAfter = _settings.Probe;
        allocation.ProbesLeft = _settings.MakeOffer ? _settings.MaxProbes : 0;
        allocation.Message = new FlowAllocatorMessage
        {
            Code = FlowAllocatorCode.Request,
            Source = _dataTransfer.Address,
            Sender = flow.Eid,
            Qos = allocation.Qos,
            Hash = allocation.Hash.Span,
            Data = allocation.Data.Span,
            Offer = _offer,
        }.ToArray();
        // A way that is not there by then will not come in time.
        if (!SendRequest(allocation, now)) allocation.AttemptEndsAt = Least(allocation.AttemptEndsAt, now + _settings.RouteTimeout);
        _timers.Enqueue(allocation, allocation.Due);
        return true;
    }

    private bool SendRequest(FlowAllocation allocation, TimeSpan now)
    {
        var wasSent = allocation.IsSent;
        var left = _output.Send(allocation.Address, allocation.Message);
        if (left) allocation.IsSent = true;
        else _counters.Note(FlowAllocatorDrop.NotSent);
        if (left && !wasSent)
        {
            // The time to answer starts now.
            if (allocation.Addresses.Count == 0) allocation.AttemptEndsAt = allocation.ExpiresAt;
            if (!IsOurs(allocation.Address) && allocation.ProbesLeft > 0) allocation.ProbeAt = now + allocation.ProbeAfter;
        }
        // The reference refuses a handshake that it has seen, and loses a descriptor by it (D7), so its members get each request once.
        if (allocation.IsSent && !IsOurs(allocation.Address))
        {
            allocation.RepeatAt = TimeSpan.MaxValue;
            return left;
        }
        allocation.RepeatAt = now + allocation.RepeatAfter;
        allocation.RepeatAfter = Least(2 * allocation.RepeatAfter, _settings.RequestRepeatLimit);
        return left;
    }

    /// <summary>
    /// Asks for a flow to a name that nobody has, to learn whether the peer is ours and the request may be repeated: ours answer that, the reference
    /// drops it without a trace (inject-l12.pcap, frame 14).
    /// </summary>
    private void SendProbe(FlowAllocation allocation, TimeSpan now)
    {
        if (allocation.ProbeEid == 0)
        {
            do allocation.ProbeEid = DrawEid();
            while (_table.Find(allocation.ProbeEid) is not null || !_probes.TryAdd(allocation.ProbeEid, allocation));
        }
        allocation.ProbesLeft--;
        allocation.ProbeAt = allocation.ProbesLeft > 0 ? now + allocation.ProbeAfter : TimeSpan.MaxValue;
        allocation.ProbeAfter *= 2;
        Span<byte> nobody = stackalloc byte[_hashLength];
        nobody.Clear();
        _output.Send(allocation.Address, new FlowAllocatorMessage
        {
            Code = FlowAllocatorCode.Request,
            Source = _dataTransfer.Address,
            Sender = allocation.ProbeEid,
            Qos = QosSpec.Raw,
            Hash = nobody,
            Offer = _offer,
        }.ToArray());
    }

    private void OnReply(in FlowAllocatorMessage message, TimeSpan now)
    {
        var isOurs = _settings.MakeOffer && message.IsFromOurs;
        if (_probes.Remove(message.Receiver, out var probed))
        {
            OnProbeAnswered(probed, isOurs, now);
            return;
        }
        var flow = _table.Find(message.Receiver);
        if (flow is null)
        {
            _counters.Note(FlowAllocatorDrop.UnaskedReply);
            // Given up meanwhile: the peer is not to keep a flow to nobody.
            if (isOurs && message.Response >= 0 && IsFlowEid(message.Sender) && _retired.TryGetValue(message.Receiver, out var address))
            {
                TellReleased(address, message.Receiver, message.Sender, now);
            }
            return;
        }
        if (!_allocations.TryGetValue(flow.FlowId, out var allocation) || allocation.Flow != flow)
        {
            // Whatever it says: the reference loses a live flow by it (D8).
            _counters.Note(FlowAllocatorDrop.DuplicateReply);
            return;
        }
        if (message.Response < 0)
        {
            if (isOurs) MarkOurs(allocation.Address);
            OnRefusal(allocation, ErrorOf(message.Response), now);
            return;
        }
        if (HandshakeId.Of(allocation.Data.Span) != HandshakeId.Of(message.Data))
        {
            _counters.Note(FlowAllocatorDrop.WrongHandshake);
            return;
        }
        if (!IsFlowEid(message.Sender))
        {
            _counters.Note(FlowAllocatorDrop.BadField);
            return;
        }
        if (isOurs) MarkOurs(allocation.Address);
        flow.PeerIsOurs = isOurs;
        Forget(allocation);
        _flows.Add(flow.FlowId, flow);
        flow.Open(new RemoteEnd(allocation.Address, message.Sender));
        _output.Opened(flow, message.Data.ToArray());
    }

    private void OnProbeAnswered(FlowAllocation allocation, bool isOurs, TimeSpan now)
    {
        allocation.ProbeEid = 0;
        if (!isOurs || allocation.IsOver || allocation.Flow is null) return;
        allocation.ProbeAt = TimeSpan.MaxValue;
        allocation.ProbesLeft = 0;
        MarkOurs(allocation.Address);
        SendRequest(allocation, now);
        _timers.Enqueue(allocation, allocation.Due);
    }

    private void OnRefusal(FlowAllocation allocation, FlowError error, TimeSpan now)
    {
        // The directory was wrong there; another address may be right.
        if (error == FlowError.NameUnknown) FailAttempt(allocation, error, now);
        else Refuse(allocation, error, now);
    }

    private void TickAllocation(FlowAllocation allocation, TimeSpan now)
    {
        if (allocation.IsOver) return;
        if (allocation.Flow is null)
        {
            TickResolving(allocation, now);
            return;
        }
        if (allocation.AttemptEndsAt <= now)
        {
            FailAttempt(allocation, allocation.IsSent ? FlowError.TimedOut : FlowError.IpcpFailed, now);
            return;
        }
        if (allocation.RepeatAt <= now) SendRequest(allocation, now);
        if (allocation.ProbeAt <= now) SendProbe(allocation, now);
        _timers.Enqueue(allocation, allocation.Due);
    }

    private void TickResolving(FlowAllocation allocation, TimeSpan now)
    {
        if (allocation.ExpiresAt <= now)
        {
            Refuse(allocation, FlowError.TimedOut, now);
            return;
        }
        if (allocation.RepeatAt <= now)
        {
            allocation.RepeatAt = now + _settings.DirectoryRepeat;
            _output.Resolve(allocation.Hash);
        }
        _timers.Enqueue(allocation, allocation.Due);
    }

    private void FailAttempt(FlowAllocation allocation, FlowError error, TimeSpan now)
    {
        _output.Forget(allocation.Hash, allocation.Address);
        Retire(allocation, isOpen: error == FlowError.TimedOut, now);
        if (allocation.ExpiresAt <= now || !StartAttempt(allocation, now)) Refuse(allocation, error, now);
    }

    private void Refuse(FlowAllocation allocation, FlowError error, TimeSpan now)
    {
        End(allocation, now, isOpen: error is FlowError.TimedOut or FlowError.IpcpFailed);
        _output.Refused(allocation.FlowId, error, allocation.Token);
    }

    /// <summary>Nobody waits for it any more.</summary>
    private void End(FlowAllocation allocation, TimeSpan now, bool isOpen = true)
    {
        Retire(allocation, isOpen, now);
        Forget(allocation);
    }

    private void Forget(FlowAllocation allocation)
    {
        allocation.IsOver = true;
        _allocations.Remove(allocation.FlowId);
        if (allocation.ProbeEid != 0) _probes.Remove(allocation.ProbeEid);
        if (!_resolving.TryGetValue(allocation.Hash, out var waiting) || !waiting.Remove(allocation) || waiting.Count != 0) return;
        _resolving.Remove(allocation.Hash);
    }

    /// <summary>Gives an attempt up.</summary>
    /// <param name="allocation">Whose attempt.</param>
    /// <param name="isOpen">Whether the peer may still answer.</param>
    /// <param name="now">The clock.</param>
    private void Retire(FlowAllocation allocation, bool isOpen, TimeSpan now)
    {
        if (allocation.Flow is not { } flow) return;
        allocation.Flow = null;
        if (allocation.ProbeEid != 0) _probes.Remove(allocation.ProbeEid);
        allocation.ProbeEid = 0;
        Remove(flow);
        if (!allocation.IsSent || !isOpen) return;
        if (IsOurs(allocation.Address)) TellReleased(allocation.Address, flow.Eid, 0, now);
        if (_retired.Count >= _settings.MaxRemembered) return;
        _retired.Add(flow.Eid, allocation.Address);
        _timers.Enqueue(new RetiredEid(flow.Eid), now + _settings.Memory);
    }

    private static bool IsFlowEid(ulong eid) => eid >= DataTransferHeader.FirstFlowEid;

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>The error number of a refusal as it came; what is none becomes <see cref="FlowError.IpcpFailed"/>.</summary>
    private static FlowError ErrorOf(int response) => response is < 0 and > -10_000 ? (FlowError)(-response) : FlowError.IpcpFailed;
}
