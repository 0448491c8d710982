using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// Packets that the layer below does not take now, a bounded queue for each cube. Nobody waits in it: whoever finds the way free sends past it, whoever
/// does not leaves the packet here, and when there is room below the queues are emptied, higher cubes first. Each cube has a share of a round, so that
/// a flood of voice slows video and best effort down but does not stop them. While packets of a cube wait, those behind them line up, so none is overtaken.
/// </summary>
internal sealed class EgressQueue : IThreadPoolWorkItem
{
    private const int MostRounds = 8;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(1);

    // Packets a round, by the cube's number: strict priority within it.
    private static readonly int[] Share = [8, 16, 32];

    private readonly Adjacency _adjacency;
    private readonly PacketRing[] _rings = new PacketRing[QosCubes.Count];
    private readonly Packet[] _heads = new Packet[QosCubes.Count];
    private readonly TimeProvider _time;
    private readonly Action _onRoom;
    private ITimer? _timer;
    private ValueTask<FlowError> _room;
    private int _bestEffort, _video, _voice;
    private WorkGate _work;
    private bool _awaitingRoom;
    private bool _closed;

    public EgressQueue(Adjacency adjacency, int capacity, TimeProvider time)
    {
        _adjacency = adjacency;
        _time = time;
        _onRoom = OnRoom;
        for (var i = 0; i < QosCubes.Count; i++) _rings[i] = new PacketRing(capacity, time);
    }

    /// <summary>Packets that wait.</summary>
    public int Count => Volatile.Read(ref _bestEffort) + Volatile.Read(ref _video) + Volatile.Read(ref _voice);

    /// <summary>Packets of a cube that wait.</summary>
    public int CountOf(QosCube cube) => Volatile.Read(ref Waiting((int)cube));

    /// <summary>Sends a packet or queues it. On anything but None it stays with the caller; TryAgain: the queue is full.</summary>
    public FlowError Send(Packet packet, QosCube cube)
    {
        if (!MustWait(cube))
        {
            var error = _adjacency.Lower.TryWrite(packet);
            if (error != FlowError.TryAgain) return error;
        }
        return Queue(packet, cube, ref Waiting((int)cube));
    }

    /// <summary>Completes when a queue that was full has room.</summary>
    public ValueTask<FlowError> WaitForRoomAsync(QosCube cube, TimeSpan timeout, CancellationToken cancellationToken) =>
        _rings[(int)cube].WaitWritableAsync(timeout, cancellationToken);

    /// <summary>Drops what waits and takes nothing more.</summary>
    public void Close()
    {
        Volatile.Write(ref _closed, true);
        foreach (var ring in _rings) ring.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        Run();
    }

    void IThreadPoolWorkItem.Execute() => RunOwned();

    private FlowError Queue(Packet packet, QosCube cube, ref int waiting)
    {
        Interlocked.Increment(ref waiting);
        var error = _rings[(int)cube].TryWrite(packet);
        if (error != FlowError.None)
        {
            Interlocked.Decrement(ref waiting);
            return error;
        }
        Run();
        return FlowError.None;
    }

    /// <summary>Behind its own kind, and behind what goes first.</summary>
    private bool MustWait(QosCube cube) =>
        Volatile.Read(ref _voice) != 0
        || (cube != QosCube.Voice && Volatile.Read(ref _video) != 0)
        || (cube == QosCube.BestEffort && Volatile.Read(ref _bestEffort) != 0);

    private ref int Waiting(int cube)
    {
        if (cube == (int)QosCube.BestEffort) return ref _bestEffort;
        if (cube == (int)QosCube.Video) return ref _video;
        return ref _voice;
    }

    private void Run()
    {
        if (_work.Ask()) RunOwned();
    }

    private void RunOwned()
    {
        var rounds = 0;
        do
        {
            if (++rounds > MostRounds)
            {
                // The thread has packets to receive.
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
            _work.Begin();
            if (Volatile.Read(ref _closed)) DropAll();
            else if (!_awaitingRoom) SendRound();
        }
        while (_work.IsAskedAgain());
    }

    private void SendRound()
    {
        for (var cube = QosCubes.Count - 1; cube >= 0; cube--)
        {
            for (var left = Share[cube]; left > 0; left--)
            {
                if (!TryTake(cube, out var packet)) break;
                var length = packet.Length;
                var error = _adjacency.Lower.TryWrite(packet);
                if (error == FlowError.TryAgain)
                {
                    _heads[cube] = packet;
                    AwaitRoom(length);
                    return;
                }
                if (error != FlowError.None) _adjacency.DropQueued(packet, (QosCube)cube, error);
                Interlocked.Decrement(ref Waiting(cube));
            }
        }
        if (Count != 0) _work.BeginAgain();
    }

    private bool TryTake(int cube, out Packet packet)
    {
        packet = _heads[cube];
        _heads[cube] = default;
        return !packet.IsNull || _rings[cube].TryRead(out packet) == FlowError.None;
    }

    /// <summary>Asks the layer below to say when it takes packets again.</summary>
    private void AwaitRoom(int length)
    {
        _awaitingRoom = true;
        _room = _adjacency.Lower.WaitWritableAsync(length, Timeout.InfiniteTimeSpan, CancellationToken.None);
        var awaiter = _room.ConfigureAwait(false).GetAwaiter();
        if (!awaiter.IsCompleted)
        {
            awaiter.UnsafeOnCompleted(_onRoom);
            return;
        }
        // It says that there is room where there was none a moment ago; asked again at once it might say so for ever.
        _timer ??= _time.CreateTimer(static queue => ((EgressQueue)queue!)._onRoom(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TryAgainAfter, Timeout.InfiniteTimeSpan);
    }

    private void OnRoom()
    {
        var room = _room;
        _room = default;
        try
        {
            // What is wrong the next try to send says, too.
            _ = room.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // As above.
        }
        Volatile.Write(ref _awaitingRoom, false);
        Run();
    }

    private void DropAll()
    {
        _timer?.Dispose();
        for (var cube = 0; cube < QosCubes.Count; cube++)
        {
            while (TryTake(cube, out var packet))
            {
                _adjacency.DropQueued(packet, (QosCube)cube, FlowError.FlowDown);
                Interlocked.Decrement(ref Waiting(cube));
            }
        }
    }
}
