using System.Buffers.Binary;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Unicast.Wire;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// A flow allocator without its I/O: both sides of allocation, and release (unicast-data-plane.md sections 8 and 9). Messages, commands and <c>now</c>
/// go in; what is to be done goes to an <see cref="IFlowAllocatorOutput"/>, and <see cref="Deadline"/> comes out after each call. For one thread.
/// Packets of flows do not pass through it.
/// </summary>
public sealed partial class FlowAllocatorCore
{
    /// <summary>The flow allocator's endpoint id at every member.</summary>
    public const ulong Eid = 0;

    // Ids below have a meaning to the reference: its descriptors are the lower half (unicast-data-plane.md section 5).
    private const ulong FirstEid = 1UL << 32;
    private const int ReplyTries = 6;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly DataTransfer _dataTransfer;
    private readonly int _hashLength;
    private readonly FlowAllocatorSettings _settings;
    private readonly UnicastFlowTable _table;
    private readonly FlowAllocatorCounters _counters;
    private readonly IFlowAllocatorOutput _output;
    private readonly Random _random;
    private readonly Dictionary<int, UnicastFlow> _flows = [];
    private readonly PriorityQueue<object, TimeSpan> _timers = new();
    private readonly Dictionary<ulong, LinkedListNode<ulong>> _ours = [];
    private readonly LinkedList<ulong> _oursByAge = new();
    private readonly uint _offer;
    private int _heldBack;

    /// <summary>One without flows.</summary>
    /// <param name="dataTransfer">What its flows send by.</param>
    /// <param name="hash">How the layer's directory hashes names.</param>
    /// <param name="settings">Times and limits.</param>
    /// <param name="state">Where flows and counters are.</param>
    /// <param name="output">What it has done by others.</param>
    /// <param name="random">Where endpoint ids come from: outside tests one that nobody can foresee, an id is all that protects a flow.</param>
    public FlowAllocatorCore(
        DataTransfer dataTransfer, DirectoryHash hash, FlowAllocatorSettings settings, FlowAllocatorState state, IFlowAllocatorOutput output, Random random)
    {
        ArgumentNullException.ThrowIfNull(dataTransfer);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(random);
        _dataTransfer = dataTransfer;
        _hashLength = NameHash.LengthOf(hash);
        _settings = settings;
        _table = state.Flows;
        _counters = state.Counters;
        _output = output;
        _random = random;
        _limiter = new RequestLimiter<ulong>(settings.RequestBurst, settings.RequestRate);
        _offer = settings.MakeOffer ? FlowAllocatorMessage.OfferVersion1 : FlowAllocatorMessage.NoOffer;
    }

    /// <summary>When <see cref="Tick"/> is to be called next; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan Deadline => _timers.TryPeek(out _, out var at) ? at : TimeSpan.MaxValue;

    /// <summary>Flows that are open or lingering.</summary>
    public int FlowCount => _flows.Count;

    /// <summary>Members that are known to be ours.</summary>
    public int KnownCount => _ours.Count;

    /// <summary>Entries of all tables and timers together: what has to come back to a small number when everything is over.</summary>
    internal int Size => _flows.Count + _allocations.Count + _resolving.Count + _probes.Count + _retired.Count + _arrived.Count + _requests.Count + _timers.Count;

    /// <summary>A message arrived.</summary>
    /// <param name="bytes">Without the header of data transfer.</param>
    /// <param name="now">The clock.</param>
    public void Receive(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (!FlowAllocatorMessage.TryParse(bytes, _hashLength, out var message, out var drop))
        {
            _counters.Note(drop);
            return;
        }
        switch (message.Code)
        {
            case FlowAllocatorCode.Request:
                OnRequest(message, now);
                break;
            case FlowAllocatorCode.Reply:
                OnReply(message, now);
                break;
            case FlowAllocatorCode.Update:
                if (_table.Find(message.Receiver)?.OnUpdate(message.Level) != true) _counters.Note(FlowAllocatorDrop.UnknownUpdate);
                break;
            case FlowAllocatorCode.Release:
                OnRelease(message, now);
                break;
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick(TimeSpan now)
    {
        while (_timers.TryPeek(out var due, out var at) && at <= now)
        {
            _timers.Dequeue();
            switch (due)
            {
                case HeldBackMessage held:
                    _heldBack--;
                    SendOrKeep(held, now);
                    break;
                case FlowAllocation allocation:
                    TickAllocation(allocation, now);
                    break;
                case ArrivedRequest request:
                    TickRequest(request, now);
                    break;
                case UnicastFlow flow:
                    TickFlow(flow, now);
                    break;
                case RetiredEid retired:
                    _retired.Remove(retired.Eid);
                    break;
            }
        }
    }

    /// <summary>
    /// Releases a flow in whatever state after a linger time in which it goes on. <see cref="IFlowAllocatorOutput.Released"/> tells the end, at once
    /// where there is nothing to wait for.
    /// </summary>
    /// <returns>false when there is no such flow.</returns>
    public bool Release(int flowId, TimeSpan linger, object? token, TimeSpan now)
    {
        if (_allocations.TryGetValue(flowId, out var allocation))
        {
            // Who asked had no answer from there in the time that he has: the next one is not to be sent the same way unseen.
            if (allocation.Flow is not null) _output.Forget(allocation.Hash, allocation.Address);
            End(allocation, now);
            _output.Released(flowId, token);
            return true;
        }
        if (!_flows.TryGetValue(flowId, out var flow)) return false;
        if (linger > TimeSpan.Zero && flow.State == UnicastFlowState.Open)
        {
            flow.State = UnicastFlowState.Lingering;
            flow.ReleaseAt = now + linger;
            flow.ReleaseToken = token;
            _timers.Enqueue(flow, flow.ReleaseAt);
            return true;
        }
        ReleaseNow(flow, now);
        _output.Released(flowId, token);
        return true;
    }

    /// <summary>
    /// Ends everything: allocations and requests are refused, peers that are ours are told, and flows are down. Nothing else is to be called after it.
    /// </summary>
    public void Shutdown(TimeSpan now)
    {
        foreach (var allocation in _allocations.Values.ToArray()) Refuse(allocation, FlowError.IpcpFailed, now);
        foreach (var request in _arrived.Values.ToArray()) GiveUp(request, now);
        foreach (var flow in _flows.Values.ToArray())
        {
            ReleaseNow(flow, now);
            flow.Endpoint.OnLayerFailed();
        }
        // Nobody is there to send it later.
        while (_timers.TryDequeue(out var due, out _))
        {
            if (due is HeldBackMessage held) _output.Send(held.Address, held.Message);
        }
        _heldBack = 0;
    }

    private UnicastFlow MakeFlow(int flowId, Flow.FlowEndpoint endpoint, Flow.QosCube cube, object? token)
    {
        while (true)
        {
            var eid = DrawEid();
            if (_retired.ContainsKey(eid) || _probes.ContainsKey(eid)) continue;
            var flow = new UnicastFlow(_dataTransfer, eid, flowId, endpoint, cube, token);
            if (_table.TryAdd(flow)) return flow;
        }
    }

    private ulong DrawEid()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong eid;
        do
        {
            _random.NextBytes(bytes);
            eid = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }
        while (eid < FirstEid);
        return eid;
    }

    private void TickFlow(UnicastFlow flow, TimeSpan now)
    {
        if (flow.State != UnicastFlowState.Lingering) return;
        ReleaseNow(flow, now);
        _output.Released(flow.FlowId, flow.ReleaseToken);
    }

    private void ReleaseNow(UnicastFlow flow, TimeSpan now)
    {
        if (flow is { PeerIsOurs: true, PeerReleased: false, Remote: { } remote }) TellReleased(remote.Address, flow.Eid, remote.Eid, now);
        Remove(flow);
    }

    private void Remove(UnicastFlow flow)
    {
        if (_flows.TryGetValue(flow.FlowId, out var same) && same == flow) _flows.Remove(flow.FlowId);
        flow.MarkReleased();
        _table.Remove(flow);
    }

    /// <summary>Tells a peer of ours, several times: there is no answer to it.</summary>
    private void TellReleased(ulong address, ulong own, ulong peer, TimeSpan now)
    {
        if (!_settings.MakeOffer) return;
        var message = new FlowAllocatorMessage
        {
            Code = FlowAllocatorCode.Release,
            Source = _dataTransfer.Address,
            Receiver = peer,
            Sender = own,
            Offer = _offer,
        }.ToArray();
        HoldBack(new HeldBackMessage(address, message, 0), now + _settings.ReleaseDelay);
        foreach (var after in _settings.ReleaseRepeats)
        {
            // Only worth something while nobody else needs the room.
            if (_heldBack < _settings.MaxHeldBack / 2) HoldBack(new HeldBackMessage(address, message, 0), now + after);
        }
    }

    private void Send(ulong address, byte[] message, TimeSpan at, TimeSpan now)
    {
        var held = new HeldBackMessage(address, message, ReplyTries);
        if (at <= now) SendOrKeep(held, now);
        else HoldBack(held, at);
    }

    private void SendOrKeep(HeldBackMessage held, TimeSpan now)
    {
        if (_output.Send(held.Address, held.Message)) return;
        _counters.Note(FlowAllocatorDrop.NotSent);
        if (held.TriesLeft > 0) HoldBack(held with { TriesLeft = held.TriesLeft - 1 }, now + TryAgainAfter);
    }

    private void HoldBack(HeldBackMessage held, TimeSpan at)
    {
        if (_heldBack >= _settings.MaxHeldBack)
        {
            _counters.Note(FlowAllocatorDrop.TooManyHeldBack);
            return;
        }
        _heldBack++;
        _timers.Enqueue(held, at);
    }

    private bool IsOurs(ulong address) => _ours.ContainsKey(address);

    /// <summary>Notes that a member is ours; the one that was noted first is forgotten for it when there are too many.</summary>
    private void MarkOurs(ulong address)
    {
        if (_ours.ContainsKey(address)) return;
        if (_ours.Count >= _settings.MaxKnown)
        {
            _ours.Remove(_oursByAge.First!.Value);
            _oursByAge.RemoveFirst();
        }
        _ours.Add(address, _oursByAge.AddLast(address));
    }

    private sealed record RetiredEid(ulong Eid);
}
