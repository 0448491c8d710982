using System.Runtime.CompilerServices;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// The data transfer of a member of a unicast layer: takes packets from adjacencies, forwards them, or hands them to components and flows; sends those
/// of its own. All of it runs to completion in the thread that brings the packet and touches no actor, takes no lock and allocates nothing; what
/// changes the tables is done under a lock and replaces them as a whole. It owns no flow below, so it goes on whichever actor ends.
/// </summary>
public sealed partial class DataTransfer
{
    private readonly DataTransferConfig _config;
    private readonly ICongestionPolicy _congestion;
    private readonly IForwardingPolicy _forwarding;
    private readonly PacketPool _pool;
    private readonly TimeProvider _time;
    private readonly IDataTransferComponent?[] _components = new IDataTransferComponent?[DataTransferHeader.FirstFlowEid];
    private volatile ForwardingTable _table = ForwardingTable.Empty;
    private volatile IFlowDelivery? _flows;

    /// <summary>Without adjacencies and routes yet.</summary>
    /// <param name="address">The member's address, 32 bits, not 0.</param>
    /// <param name="config">Limits and policies.</param>
    /// <param name="pool">Where messages of its own are made.</param>
    /// <param name="time">The clock.</param>
    public DataTransfer(ulong address, DataTransferConfig config, PacketPool pool, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfZero(address);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, uint.MaxValue);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(time);
        if (config.MaxTtl == 0) throw new ArgumentOutOfRangeException(nameof(config), "a TTL of 0 lets no packet through");
        Address = address;
        _config = config;
        _congestion = config.Congestion;
        _forwarding = config.Forwarding;
        _pool = pool;
        _time = time;
        Clock = new NanosecondClock(time);
        Carrier = new DirectoryCarrier(this);
    }

    /// <summary>The member's address.</summary>
    public ulong Address { get; }

    /// <summary>Limits and policies.</summary>
    public DataTransferConfig Config => _config;

    /// <summary>What was dropped, by reason.</summary>
    public DataTransferCounters Counters { get; } = new();

    /// <summary>How messages of the directory travel.</summary>
    public IDirectoryCarrier Carrier { get; }

    /// <summary>What happens to adjacencies: called on any thread; must be short, must not block and must not throw.</summary>
    public Action<AdjacencyEvent>? AdjacencyChanged { get; set; }

    /// <summary>What is forwarded by now.</summary>
    public ForwardingTable Table => _table;

    internal TimeProvider Time => _time;

    internal NanosecondClock Clock { get; }

    internal ICongestionPolicy Congestion => _congestion;

    /// <summary>Hands messages for a component over from now on; the endpoint ids of two components are fixed: 0 flow allocator, 1 directory.</summary>
    public void Register(ulong eid, IDataTransferComponent? component)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(eid, DataTransferHeader.FirstFlowEid);
        Volatile.Write(ref _components[(int)eid], component);
    }

    /// <summary>Hands packets for flows over from now on.</summary>
    public void SetFlows(IFlowDelivery? flows) => _flows = flows;

    /// <summary>Sends a packet to a member. Never waits.</summary>
    /// <param name="destination">Its address; to our own it is handed over here.</param>
    /// <param name="cube">The class of service.</param>
    /// <param name="eid">Endpoint id there.</param>
    /// <param name="payload">What to send.</param>
    /// <returns>
    /// <see cref="FlowError.None"/>: it is gone. Else it is the caller's, unchanged: <see cref="FlowError.NotPermitted"/> (no route, as the reference
    /// says it), <see cref="FlowError.TryAgain"/> (as many wait as may), <see cref="FlowError.FlowDown"/>, <see cref="FlowError.MessageTooLong"/>,
    /// <see cref="FlowError.OutOfMemory"/> (no head room).
    /// </returns>
    public FlowError Send(ulong destination, QosCube cube, ulong eid, Packet payload)
    {
        if (destination == Address)
        {
            DeliverHere(new DataTransferHeader(destination, (byte)cube, _config.MaxTtl, 0, eid), payload);
            return FlowError.None;
        }
        var to = Choose(destination, cube, eid, out var reason);
        if (to is null) return reason == DataTransferDrop.NoRoute ? FlowError.NotPermitted : FlowError.FlowDown;
        if (!payload.TryPushHeader(DataTransferHeader.Length, out var header)) return FlowError.OutOfMemory;
        new DataTransferHeader(destination, (byte)cube, _config.MaxTtl, Mark(0, to), eid).Write(header);
        var length = payload.Length;
        var error = to.Send(payload, cube);
        if (error != FlowError.None) payload.PopHeader(DataTransferHeader.Length);
        else if (eid < DataTransferHeader.FirstFlowEid) to.Counters.Note(AdjacencyCount.LocalSent, cube, length);
        return error;
    }

    /// <summary>Sends bytes of a component, or drops and counts them. They are copied.</summary>
    /// <returns>false when there is no way to the address or no memory.</returns>
    public bool SendMessage(ulong destination, ulong eid, ReadOnlySpan<byte> message)
    {
        if (message.Length > _pool.MaxLength || !_pool.TryRent(message.Length, out var packet))
        {
            Counters.Note(message.Length > _pool.MaxLength ? DataTransferDrop.TooLong : DataTransferDrop.NoMemory);
            return false;
        }
        message.CopyTo(packet.Span);
        var error = Send(destination, QosCube.BestEffort, eid, packet);
        if (error == FlowError.None) return true;
        Drop(packet, ReasonOf(error));
        return false;
    }

    /// <summary>A packet has come from an adjacency. Data transfer owns it.</summary>
    /// <param name="adjacency">Number of the adjacency.</param>
    /// <param name="packet">With its header.</param>
    public void Receive(int adjacency, Packet packet)
    {
        if (Find(adjacency) is { } from) Receive(from, packet);
        else Drop(packet, DataTransferDrop.NoAdjacency);
    }

    /// <summary>Whether there is a way to an address now.</summary>
    public bool CanReach(ulong destination) => destination == Address || Choose(destination, QosCube.BestEffort, 0, out _) is not null;

    internal static DataTransferDrop ReasonOf(FlowError error) => error switch
    {
        FlowError.NotPermitted => DataTransferDrop.NoRoute,
        FlowError.TryAgain => DataTransferDrop.QueueFull,
        FlowError.FlowDown => DataTransferDrop.NextHopDown,
        FlowError.MessageTooLong => DataTransferDrop.TooLong,
        FlowError.OutOfMemory => DataTransferDrop.NoHeadRoom,
        _ => DataTransferDrop.NotSent,
    };

    internal void Receive(Adjacency from, Packet packet)
    {
        var bytes = packet.Span;
        if (!DataTransferHeader.TryRead(bytes, out var header))
        {
            // Empty ones are keepalives of the flow below.
            if (bytes.Length == 0) packet.Dispose();
            else Drop(packet, DataTransferDrop.TooShort);
            return;
        }
        var cube = DataTransferHeader.CubeOf(header.Cube);
        from.Counters.Note(AdjacencyCount.Received, cube, bytes.Length);
        if (header.Destination == Address)
        {
            if (header.Eid < DataTransferHeader.FirstFlowEid) from.Counters.Note(AdjacencyCount.LocalReceived, cube, bytes.Length);
            packet.PopHeader(DataTransferHeader.Length);
            DeliverHere(header, packet);
            return;
        }
        Forward(from, header, cube, packet, bytes);
    }

    /// <summary>The adjacency that a packet of ours would take.</summary>
    internal Adjacency? Choose(ulong destination, QosCube cube, ulong eid, out DataTransferDrop reason)
    {
        var hops = _table.Find(destination, cube);
        if (hops.IsEmpty)
        {
            reason = DataTransferDrop.NoRoute;
            return null;
        }
        var to = _forwarding.Choose(hops, destination ^ eid);
        reason = to is null ? DataTransferDrop.NextHopDown : DataTransferDrop.None;
        return to;
    }

    internal void Drop(Packet packet, DataTransferDrop reason)
    {
        Counters.Note(reason);
        packet.Dispose();
    }

    private byte Mark(byte ecn, Adjacency to) => _congestion.Marks ? _congestion.Mark(ecn, to.MeasureCongestion()) : ecn;

    private void Forward(Adjacency from, in DataTransferHeader header, QosCube cube, Packet packet, Span<byte> bytes)
    {
        // A TTL of 0 wraps round in the reference and lives for ever (D2).
        if (header.Ttl <= 1)
        {
            from.Counters.Note(AdjacencyCount.DroppedTtl, cube, bytes.Length);
            Drop(packet, DataTransferDrop.TimeToLive);
            return;
        }
        var to = Choose(header.Destination, cube, header.Eid, out var reason);
        if (to is null)
        {
            from.Counters.Note(AdjacencyCount.FailedNextHop, cube, bytes.Length);
            Drop(packet, reason);
            return;
        }
        bytes[DataTransferHeader.TtlOffset] = (byte)(header.Ttl - 1);
        bytes[DataTransferHeader.EcnOffset] = Mark(header.Ecn, to);
        // Members of this process that are joined by local flows forward in one thread, each inside the call of the one before.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Drop(packet, DataTransferDrop.TooDeep);
            return;
        }
        var error = to.Send(packet, cube);
        if (error != FlowError.None) Drop(packet, ReasonOf(error));
    }

    private void DeliverHere(in DataTransferHeader header, Packet payload)
    {
        if (header.Eid < DataTransferHeader.FirstFlowEid)
        {
            if (Volatile.Read(ref _components[(int)header.Eid]) is { } component) component.OnMessage(payload);
            else Drop(payload, DataTransferDrop.NoComponent);
            return;
        }
        var reason = _flows?.Deliver(header.Eid, header.Ecn, payload) ?? DataTransferDrop.UnknownEid;
        if (reason != DataTransferDrop.None) Drop(payload, reason);
    }
}
