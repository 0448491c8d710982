using System.Runtime.CompilerServices;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Stages;

/// <summary>
/// The shell of an ordered flow: two rings with an <see cref="FrcpConnection"/> between them. Whoever brings work - a writer, the layer below, the
/// timer, a reader who made room - puts it into a ring or a flag and runs the connection, unless somebody runs it already: then that one goes
/// round once more. So the connection has one thread at a time, nobody waits for a lock, and a packet that comes back from the peer while
/// one is sent waits in the ring instead of recursing.
/// </summary>
internal sealed partial class FrcpStage : FlowStage, IFrcpOutput, IThreadPoolWorkItem
{
    /// <summary>Messages that wait for the peer's window, beyond those that are unacknowledged.</summary>
    private const int OutgoingCapacity = 64;

    private const int Batch = 32;

    // Rounds after which a thread that came with one packet hands the rest to the thread pool.
    private const int MostRounds = 128;

    private readonly FrcpConnection _core;
    private readonly FrcpParameters _parameters;
    private readonly PacketSeal _seal;
    private readonly PacketRing _receive;
    private readonly PacketRing _outgoing;
    private readonly PacketRing _arrivals;
    private long _deadline = None;
    private long _lastSent;
    private long _lastReceived;
    private Packet _pending;
    private WorkGate _work;
    private bool _reading;
    private bool _writable;
    private int _wakeAt = -1;
    private bool _finished;

    public FrcpStage(FlowEndpoint endpoint, FlowStageSettings settings, PacketSeal seal, FrcpParameters parameters, TimeProvider time)
        : base(endpoint, settings)
    {
        _seal = seal;
        _parameters = parameters;
        _receive = endpoint.Ring;
        _outgoing = new PacketRing(OutgoingCapacity, time);
        _arrivals = new PacketRing(timeProvider: time);
        _time = time;
        _core = new FrcpConnection(parameters, this, endpoint.Pool, settings.Random ?? Random.Shared);
        _flags = parameters.Reliable ? FlowFrcpFlags.All : FlowFrcpFlags.ResourceControl;
    }

    /// <summary>What went wrong inside; null unless there is a mistake in this code.</summary>
    public Exception? Failure { get; private set; }

    public override int SendQueueLength => _outgoing.Count + (Endpoint.Lower?.QueueLength ?? 0);

    public int SegmentSize => _core.Segment;

    public int Unread => _receive.Count;

    public override FlowStatistics GetStatistics()
    {
        var statistics = _core.GetStatistics(Timers.Now);
        if (_seal.BadCrc == 0 && _seal.BadCipher == 0) return statistics;
        var drops = new Dictionary<string, long>(statistics.Drops);
        if (_seal.BadCrc != 0) drops["wrong CRC"] = _seal.BadCrc;
        if (_seal.BadCipher != 0) drops["cannot be decrypted"] = _seal.BadCipher;
        return statistics with { Drops = drops };
    }

    public override void OnAttached(IPacketSink lower)
    {
        _core.MaxSegment = PayloadOf(lower.MaxPacketSize);
        OnPathChanged(lower);
        base.OnAttached(lower);
    }

    public override int PathMessage(IPacketSink lower) => PayloadOf(lower.PathPacketSize);

    public override void OnPathChanged(IPacketSink lower) => _core.PathSegment = PayloadOf(lower.PathPacketSize);

    private int PayloadOf(int packet) => Math.Max(1, packet - Frcp.Wire.FrcpHeader.Length - _seal.Overhead);

    public override FlowError Write(Packet message)
    {
        if (message.Length == 0) return Endpoint.Lower!.Send(message);
        var error = _outgoing.TryWrite(message);
        if (error == FlowError.None) Run();
        return error;
    }

    public override FlowError Deliver(Packet packet)
    {
        if (packet.Length == 0)
        {
            NoteAlive();
            packet.Dispose();
            return FlowError.None;
        }
        var error = _arrivals.TryWrite(packet);
        if (error == FlowError.None) Run();
        return error;
    }

    public override ValueTask<FlowError> WaitForRoomAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _arrivals.WaitWritableAsync(timeout, cancellationToken);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override void OnRead()
    {
        if (_receive.Count > Volatile.Read(ref _wakeAt)) return;
        Volatile.Write(ref _reading, true);
        Run();
    }

    public override void OnStateChanged()
    {
        if ((Endpoint.State & (RingState.FlowDown | RingState.PeerDead)) != 0) _outgoing.WakeWriters();
        Volatile.Write(ref _reading, true);
        Run();
    }

    bool IFrcpOutput.Transmit(Packet packet)
    {
        var bare = _seal.IsEmpty || packet.Length == 0;
        if (Endpoint.Lower is not { } lower || (!bare && !_seal.TrySeal(packet)))
        {
            packet.Dispose();
            return true;
        }
        var error = lower.Send(packet);
        if (error == FlowError.None)
        {
            NoteSent(_now);
            return true;
        }
        if (error == FlowError.TryAgain)
        {
            AwaitRoom(lower);
            // The message of an unreliable flow is the packet itself, and is tried again.
            if (bare || _seal.TryUnseal(packet)) return false;
        }
        // Lost, as on any link; the connection notices by itself.
        packet.Dispose();
        return true;
    }

    bool IFrcpOutput.Deliver(Packet message)
    {
        var error = Endpoint.HandUp(message);
        if (error == FlowError.None) return true;
        // A closed end acknowledges what it throws away, so that the peer gets done; a write-only end takes nothing.
        if (!Endpoint.IsClosed && error != FlowError.NotAllocated) return false;
        message.Dispose();
        return true;
    }

    void IFrcpOutput.GaveUp()
    {
        // The peer is to notice as well, by its own time-out.
        Quiet();
        Endpoint.OnPeerSilent();
    }

    void IThreadPoolWorkItem.Execute() => RunOwned();

    /// <inheritdoc/>
    public override void Note(ref Keepalive record, long now)
    {
        // Empty packets are noted there alone, and may be newer.
        record.LastSent = Math.Max(record.LastSent, Volatile.Read(ref _lastSent));
        record.LastReceived = Math.Max(record.LastReceived, Volatile.Read(ref _lastReceived));
    }

    internal override long OnTimer(long now)
    {
        if (now >= Volatile.Read(ref _deadline)) Run();
        return Volatile.Read(ref _deadline);
    }

    private void NoteSent(long now)
    {
        Volatile.Write(ref _lastSent, now);
        Touch();
    }

    private void NoteReceived(long now)
    {
        Volatile.Write(ref _lastReceived, now);
        Touch();
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
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
            _work.Begin();
            try
            {
                if (_finished) Sweep();
                else RunOnce();
            }
            catch (Exception e)
            {
                // A mistake of ours must not take the layer's thread or the user's write with it: this flow is down, the others go on.
                Failure = e;
                Endpoint.OnLayerFailed();
                Finish();
            }
        }
        while (_work.IsAskedAgain());
    }
}
