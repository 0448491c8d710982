using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// A shim layer without its I/O: registry, directory, queries, flows and both sides of their allocation. Management messages and <c>now</c>
/// go in; messages (<see cref="TryTakeTransmit"/>), events (<see cref="TryTakeEvent"/>) and <see cref="Deadline"/> come out and are to be
/// taken after each call. For one thread, except <see cref="Find"/> and <see cref="Counters"/>. Data packets do not pass through it.
/// </summary>
public sealed partial class ShimCore
{
    private readonly IShimCodec _codec;
    private readonly ShimSettings _settings;
    private readonly FlowTable _flows;
    private readonly Queue<ShimTransmit> _transmits = new();
    private readonly Queue<ShimEvent> _events = new();
    private readonly PriorityQueue<object, TimeSpan> _timers = new();
    private readonly uint _offer;
    private LinkAddress _own;
    private int _mtu;
    private int _heldBack;

    /// <summary>An empty layer.</summary>
    /// <param name="codec">The frame family.</param>
    /// <param name="settings">Times and limits.</param>
    /// <param name="random">Where endpoint ids come from.</param>
    /// <param name="maxFlows">Flows at once; what the family allows when null.</param>
    public ShimCore(IShimCodec codec, ShimSettings settings, Random random, int? maxFlows = null)
    {
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(settings);
        _codec = codec;
        _settings = settings;
        _offer = settings.MakeOffer ? ShimOffer.Version1 : ShimOffer.None;
        _flows = new FlowTable(codec.FirstEid, codec.LastEid, Math.Min(maxFlows ?? int.MaxValue, codec.MaxFlows), 2 * codec.Mpl, random);
        _directory = new NameDirectory(settings.MaxDirectory);
        _limiter = new RequestLimiter<LinkAddress>(settings.RequestBurst, settings.RequestRate);
    }

    /// <summary>What was dropped, by reason.</summary>
    public ShimCounters Counters { get; } = new();

    /// <summary>Flows that are pending, open or lingering.</summary>
    public int FlowCount => _flows.Count;

    /// <summary>The flows themselves.</summary>
    public IReadOnlyCollection<ShimFlow> Flows => _flows.Flows;

    /// <summary>When <see cref="Tick"/> is to be called next; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan Deadline => _timers.TryPeek(out _, out var at) ? at : TimeSpan.MaxValue;

    /// <summary>The flow with this endpoint id, ours; for the receive thread.</summary>
    public ShimFlow? Find(uint eid) => _flows.Find(eid);

    /// <summary>The flow with this number of the runtime.</summary>
    public ShimFlow? FindFlow(int flowId) => _flows.FindFlow(flowId);

    /// <summary>The device's address and MTU, at first and whenever they change.</summary>
    public void SetLink(LinkAddress own, int mtu)
    {
        _mtu = mtu;
        if (_own == own) return;
        _own = own;
        foreach (var flow in _flows.Flows)
        {
            if (flow.Route is { } route) flow.SetRoute(route with { Own = own });
        }
    }

    /// <summary>A management message arrived.</summary>
    /// <param name="bytes">From the first byte behind the frame's headers.</param>
    /// <param name="source">Whom it came from.</param>
    /// <param name="now">The clock.</param>
    public void Receive(ReadOnlySpan<byte> bytes, LinkAddress source, TimeSpan now)
    {
        if (source == _own && _own != LinkAddress.ZeroMac)
        {
            Counters.Note(ShimDrop.NotForUs);
            return;
        }
        if (!_codec.TryParse(bytes, out var message, out var drop))
        {
            Counters.Note(drop);
            return;
        }
        switch (message.Kind)
        {
            case ShimMessageKind.NameQuery:
                OnNameQuery(message, source, now);
                break;
            case ShimMessageKind.NameReply:
                OnNameReply(message, source, now);
                break;
            case ShimMessageKind.FlowRequest:
                OnRequest(message, source, now);
                break;
            case ShimMessageKind.FlowReply:
                OnReply(message, source, now);
                break;
            case ShimMessageKind.Dealloc:
                OnDealloc(message, source);
                break;
            default:
                Counters.Note(ShimDrop.UnknownCode);
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
                case HeldBack held:
                    _heldBack--;
                    _transmits.Enqueue(held.Transmit);
                    break;
                case NameQuery query:
                    TickQuery(query, now);
                    break;
                case ShimFlow flow:
                    TickFlow(flow, now);
                    break;
                case IncomingRequest request:
                    TickRequest(request, now);
                    break;
            }
        }
    }

    /// <summary>The next message to send.</summary>
    public bool TryTakeTransmit(out ShimTransmit transmit) => _transmits.TryDequeue(out transmit);

    /// <summary>The next event.</summary>
    public bool TryTakeEvent([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out ShimEvent @event) => _events.TryDequeue(out @event);

    /// <summary>Tells peers that are ours that every flow is gone; nothing else is to be called after it.</summary>
    public void Shutdown(TimeSpan now)
    {
        foreach (var flow in _flows.Flows.ToArray()) ReleaseNow(flow, now);
        // Nobody is there to repeat it later.
        _timers.Clear();
        _heldBack = 0;
    }

    private void Send(LinkAddress destination, byte[] message, TimeSpan at, TimeSpan now)
    {
        if (at <= now)
        {
            _transmits.Enqueue(new ShimTransmit(destination, message));
            return;
        }
        if (_heldBack >= _settings.MaxHeldBack)
        {
            Counters.Note(ShimDrop.TooManyHeldBack);
            return;
        }
        _heldBack++;
        _timers.Enqueue(new HeldBack(at, new ShimTransmit(destination, message)), at);
    }

    private byte[]? Encode(in ShimMessage message)
    {
        var length = _codec.LengthOf(message);
        if (length > _codec.MaxMessage(_mtu)) return null;
        var bytes = new byte[length];
        _codec.Write(message, bytes);
        return bytes;
    }
}
