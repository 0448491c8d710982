using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// A flow of a unicast layer at one of its ends: the way down for what its user writes, and where packets for its endpoint id go. The core of the
/// flow allocator changes it; packets pass on any thread, without locks and without waiting.
/// </summary>
public sealed partial class UnicastFlow : IPacketSink
{
    private readonly DataTransfer _dataTransfer;
    private readonly FlowCongestion? _congestion;
    private readonly StandingQueue? _unread;
    private volatile RemoteEnd? _remote;
    private volatile bool _isReleased;
    private long _sent, _sentBytes, _sendFailed, _sendFailedBytes;
    private long _received, _receivedBytes, _receiveFailed, _receiveFailedBytes;
    private long _updatesSent, _updatesReceived;

    /// <summary>Made by <see cref="FlowAllocatorCore"/>.</summary>
    internal UnicastFlow(DataTransfer dataTransfer, ulong eid, int flowId, FlowEndpoint endpoint, QosCube cube, object? token)
    {
        _dataTransfer = dataTransfer;
        Eid = eid;
        FlowId = flowId;
        Endpoint = endpoint;
        Cube = cube;
        Token = token;
        _congestion = dataTransfer.Congestion.CreateFlow(dataTransfer.Clock.Now);
        if (_congestion is not null) _unread = new StandingQueue(dataTransfer.Clock, PacketRing.DefaultCapacity * 3 / 4);
        EstablishedAt = dataTransfer.Time.GetUtcNow();
    }

    /// <summary>Our endpoint id.</summary>
    public ulong Eid { get; }

    /// <summary>The runtime's number.</summary>
    public int FlowId { get; }

    /// <summary>Whom packets are delivered to.</summary>
    public FlowEndpoint Endpoint { get; }

    /// <summary>The class of service that its packets are sent with.</summary>
    public QosCube Cube { get; }

    /// <summary>What the shell wants to find again.</summary>
    public object? Token { get; }

    /// <summary>Since when it is.</summary>
    public DateTimeOffset EstablishedAt { get; }

    /// <summary>Where it is in its life.</summary>
    public UnicastFlowState State { get; internal set; }

    /// <summary>The other end; null until it has accepted.</summary>
    public RemoteEnd? Remote => _remote;

    /// <summary>Whether the other end is one of ours.</summary>
    public bool PeerIsOurs { get; internal set; }

    /// <summary>Whether the other end has said that it released the flow.</summary>
    public bool PeerReleased { get; internal set; }

    /// <inheritdoc/>
    public int MaxPacketSize => _dataTransfer.MaxPayload;

    /// <inheritdoc/>
    public int PathPacketSize => Math.Min(MaxPacketSize, _dataTransfer.PathPayload);

    /// <inheritdoc/>
    public int QueueLength => NextAdjacency()?.QueueLength ?? 0;

    /// <summary>When the linger time is over.</summary>
    internal TimeSpan ReleaseAt { get; set; }

    /// <summary>Who is told about the end of the linger time.</summary>
    internal object? ReleaseToken { get; set; }

    /// <summary>Whether its packets are no longer taken, in either direction.</summary>
    internal bool IsReleased => _isReleased;

    /// <inheritdoc/>
    public FlowError Send(Packet packet)
    {
        if (_isReleased || _remote is not { } remote) return FlowError.FlowDown;
        long now = 0;
        if (_congestion is { } congestion)
        {
            now = _dataTransfer.Clock.Now;
            if (now < congestion.ResumeAt) return FlowError.TryAgain;
        }
        var length = packet.Length;
        var error = _dataTransfer.Send(remote.Address, Cube, remote.Eid, packet);
        switch (error)
        {
            case FlowError.None:
                _congestion?.OnSent(length, now);
                Count(ref _sent, ref _sentBytes, length);
                return FlowError.None;
            case FlowError.TryAgain or FlowError.MessageTooLong:
                return error;
            default:
                // No way there now: lost, as in any network. Routing may find another.
                Count(ref _sendFailed, ref _sendFailedBytes, length);
                _dataTransfer.Drop(packet, DataTransfer.ReasonOf(error));
                return FlowError.None;
        }
    }

    /// <inheritdoc/>
    public void LinkChanged(bool up)
    {
        // There is no message for it.
    }

    /// <inheritdoc/>
    public void AccessChanged(bool writable)
    {
        // There is no message for it; the endpoint refuses what arrives.
    }

    /// <inheritdoc/>
    public void Close()
    {
        // The flow goes on for its linger time and ends with DeallocateFlow, which the IRMd sends.
    }

    /// <summary>A packet has arrived for it. On anything but None it stays with the caller.</summary>
    internal DataTransferDrop Deliver(byte ecn, Packet payload)
    {
        if (_isReleased) return DataTransferDrop.FlowNotReceiving;
        var length = payload.Length;
        ushort level = 0;
        var tell = _congestion is { } congestion && congestion.OnReceived(MarkUnread(ecn), out level);
        var error = Endpoint.Deliver(payload);
        if (tell) SendUpdate(level);
        if (error == FlowError.None)
        {
            Count(ref _received, ref _receivedBytes, length);
            return DataTransferDrop.None;
        }
        Count(ref _receiveFailed, ref _receiveFailedBytes, length);
        return error == FlowError.TryAgain ? DataTransferDrop.ReceiverFull : DataTransferDrop.FlowNotReceiving;
    }

    /// <summary>The other end tells of congestion. False: the flow is not open.</summary>
    internal bool OnUpdate(ushort level)
    {
        if (_isReleased || _remote is null) return false;
        Interlocked.Increment(ref _updatesReceived);
        _congestion?.OnUpdate(level);
        return true;
    }

    internal void Open(RemoteEnd remote)
    {
        State = UnicastFlowState.Open;
        _remote = remote;
        Endpoint.Attach(this);
    }

    internal void MarkReleased()
    {
        State = UnicastFlowState.Released;
        _isReleased = true;
        WakeWriters();
    }

    /// <summary>Who does not read what arrives is the last queue on the way, and the sender is to know of it as of any other.</summary>
    private byte MarkUnread(byte ecn) => _dataTransfer.Congestion.Mark(ecn, _unread!.Measure(Endpoint.ReceiveQueueLength));

    private static void Count(ref long packets, ref long bytes, int length)
    {
        Interlocked.Increment(ref packets);
        Interlocked.Add(ref bytes, length);
    }

    private Adjacency? NextAdjacency() => _remote is { } remote ? _dataTransfer.Choose(remote.Address, Cube, remote.Eid, out _) : null;

    private void SendUpdate(ushort level)
    {
        // What comes before the reply has nobody to be told to.
        if (_remote is not { } remote) return;
        Span<byte> bytes = stackalloc byte[FlowAllocatorMessage.FixedLength];
        new FlowAllocatorMessage { Code = FlowAllocatorCode.Update, Receiver = remote.Eid, Level = level }.Write(bytes);
        if (_dataTransfer.SendMessage(remote.Address, FlowAllocatorCore.Eid, bytes)) Interlocked.Increment(ref _updatesSent);
    }
}
