using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// A flow of the layer below to a neighbour: where its packets come in and go out. Made by <see cref="DataTransfer"/>, which does not own the flow.
/// </summary>
public sealed class Adjacency : IFlowReceiver
{
    private readonly DataTransfer _dataTransfer;
    private readonly EgressQueue _queue;
    private readonly StandingQueue _standing;
    private volatile bool _isUp = true;
    private volatile bool _isRemoved;

    internal Adjacency(DataTransfer dataTransfer, int id, FlowEndpoint lower, ulong peer, QosCube cube, int queueCapacity, TimeProvider time)
    {
        _dataTransfer = dataTransfer;
        Id = id;
        Lower = lower;
        Peer = peer;
        Cube = cube;
        _queue = new EgressQueue(this, queueCapacity, time);
        // What waits here waits behind a ring of the layer below that is full: at least half of the room is used up then.
        _standing = new StandingQueue(dataTransfer.Clock, queueCapacity);
        EstablishedAt = time.GetUtcNow();
    }

    /// <summary>Its number.</summary>
    public int Id { get; }

    /// <summary>Address of the neighbour.</summary>
    public ulong Peer { get; }

    /// <summary>The cube that the flow below was allocated for.</summary>
    public QosCube Cube { get; }

    /// <summary>The flow below.</summary>
    public FlowEndpoint Lower { get; }

    /// <summary>Since when it is.</summary>
    public DateTimeOffset EstablishedAt { get; }

    /// <summary>What went through it.</summary>
    public AdjacencyCounters Counters { get; } = new();

    /// <summary>Whether packets may be sent by it.</summary>
    public bool IsUp => _isUp;

    /// <summary>Packets that wait to leave, here and in the layer below.</summary>
    public int QueueLength => Lower.SendQueueLength + _queue.Count;

    /// <summary>Largest packet of a flow that fits, bytes.</summary>
    public int MaxPayload => Lower.MaxPacketSize - Wire.DataTransferHeader.Length;

    /// <summary>Largest packet of a flow that the layer below carries in one piece, bytes.</summary>
    public int PathPayload => Lower.PathPacketSize - Wire.DataTransferHeader.Length;

    /// <inheritdoc/>
    public void OnPacket(FlowEndpoint from, Packet packet)
    {
        if (_isRemoved) _dataTransfer.Drop(packet, DataTransferDrop.NoAdjacency);
        else _dataTransfer.Receive(this, packet);
    }

    /// <inheritdoc/>
    public void OnEvent(FlowEndpoint from, FlowEventType events)
    {
        const FlowEventType Away = FlowEventType.Down | FlowEventType.Dealloc | FlowEventType.Peer;
        if (_isRemoved) return;
        if ((events & Away) != 0) _isUp = false;
        else if ((events & FlowEventType.Up) != 0) _isUp = true;
        _dataTransfer.Report(new AdjacencyEvent(Id, Peer, events));
    }

    /// <summary>Packets of a cube that wait here.</summary>
    public int Queued(QosCube cube) => _queue.CountOf(cube);

    /// <summary>How many of the packets that wait to leave are congestion to the next one.</summary>
    internal int MeasureCongestion() => _standing.Measure(QueueLength);

    internal void SetUp(bool up) => _isUp = up;

    /// <summary>Sends a packet with its header, or lets it wait. On anything but None it stays with the caller.</summary>
    internal FlowError Send(Packet packet, QosCube cube)
    {
        var length = packet.Length;
        var error = _queue.Send(packet, cube);
        Counters.Note(error == FlowError.None ? AdjacencyCount.Sent : AdjacencyCount.FailedWrites, cube, length);
        return error;
    }

    /// <summary>Completes when a refused <see cref="Send"/> is worth another try.</summary>
    internal ValueTask<FlowError> WaitForRoomAsync(QosCube cube, TimeSpan timeout, CancellationToken cancellationToken) =>
        _queue.WaitForRoomAsync(cube, timeout, cancellationToken);

    /// <summary>A packet that waited could not be sent after all.</summary>
    internal void DropQueued(Packet packet, QosCube cube, FlowError error)
    {
        Counters.Note(AdjacencyCount.FailedWrites, cube, packet.Length);
        _dataTransfer.Drop(packet, DataTransfer.ReasonOf(error));
    }

    internal void Start() => Lower.SetReceiver(this);

    internal void Stop()
    {
        _isRemoved = true;
        _isUp = false;
        Lower.SetReceiver(null);
        _queue.Close();
    }
}
