using System.Runtime.CompilerServices;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Broadcast;

/// <summary>
/// The data transfer of a member of a broadcast layer: each packet that comes in by one flow goes out by all others, as it is. All of it runs to
/// completion in the thread that brings the packet; no lock, no allocation, and a receiver that has no room loses its copy and holds up nobody. Each
/// output gets a packet of its own, since the layers below push their headers into it; the last one gets the packet itself.
/// </summary>
public sealed class BroadcastHub
{
    private readonly PacketPool _pool;
    private readonly LoopGuard? _guard;
    private readonly int _maxPacketSize;
    private readonly Lock _changing = new();
    private volatile BroadcastPort[] _ports = [];
    private int _members;

    /// <summary>Without flows yet.</summary>
    /// <param name="pool">The pool of the IPCPs' trust domain.</param>
    /// <param name="time">The clock.</param>
    /// <param name="maxPacketSize">Longest packet that applications may send, bytes.</param>
    /// <param name="guard">Whether loops are looked for.</param>
    public BroadcastHub(PacketPool pool, TimeProvider time, int maxPacketSize, bool guard)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(time);
        _pool = pool;
        _maxPacketSize = maxPacketSize;
        _guard = guard ? new LoopGuard(time) : null;
    }

    /// <summary>What was passed on and what not.</summary>
    public BroadcastCounters Counters { get; } = new();

    /// <summary>What happens to flows to members; any thread, must be short.</summary>
    public Action<int, FlowEventType> FlowChanged { get; set; } = (_, _) => { };

    /// <summary>A loop was found, with the number of the flow that a packet came back by; any thread, must be short.</summary>
    public Action<int> LoopFound { get; set; } = _ => { };

    /// <summary>Whether the members are in a loop, as far as was seen lately.</summary>
    public bool IsLooping => _guard?.IsLooping ?? false;

    /// <summary>Flows to other members.</summary>
    public int MemberCount => Volatile.Read(ref _members);

    /// <summary>Applications that have joined.</summary>
    public int JoinedCount => _ports.Length - MemberCount;

    /// <summary>Longest packet that an application may send now, bytes: what every neighbour's flow carries.</summary>
    public int MaxPacketSize
    {
        get
        {
            var smallest = Math.Min(_maxPacketSize, _pool.MaxLength);
            foreach (var port in _ports)
            {
                if (port.IsMember && port.Endpoint.IsAllocated) smallest = Math.Min(smallest, port.Endpoint.MaxPacketSize);
            }
            return smallest;
        }
    }

    /// <summary>A flow to another member is there; it stays the caller's.</summary>
    /// <returns>false when there is one with this number.</returns>
    public bool AddMember(int flow, FlowEndpoint endpoint) => Add(new BroadcastPort(this, flow, endpoint, isMember: true, (f, e) => FlowChanged(f, e)));

    /// <summary>An application joins.</summary>
    /// <returns>false when there is a flow with this number.</returns>
    public bool Join(int flow, FlowEndpoint endpoint) => Add(new BroadcastPort(this, flow, endpoint, isMember: false, (_, _) => { }));

    /// <summary>A flow is gone, of whichever kind.</summary>
    public void Remove(int flow)
    {
        BroadcastPort? port;
        lock (_changing)
        {
            port = _ports.FirstOrDefault(p => p.Flow == flow);
            if (port is null) return;
            _ports = [.. _ports.Where(p => p != port)];
            if (port.IsMember) _members--;
        }
        port.Shut();
    }

    /// <summary>Ends it: no flow takes part any more.</summary>
    public void Close()
    {
        foreach (var port in _ports) Remove(port.Flow);
    }

    internal void Drop(Packet packet, BroadcastDrop reason)
    {
        Counters.Note(reason);
        packet.Dispose();
    }

    /// <summary>Gives a packet to all flows but the one that it came by. Takes it.</summary>
    internal void Forward(BroadcastPort from, Packet packet)
    {
        Counters.NoteReceived();
        // A loop has two ways in.
        if (_guard is not null && MemberCount > 1)
        {
            if (!from.IsMember) _guard.Note(from.Flow, packet.Span);
            else if (Suppress(from, packet)) return;
        }
        // Members of this process that are joined by local flows forward in one thread, each inside the call of the one before.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Drop(packet, BroadcastDrop.TooDeep);
            return;
        }
        var ports = _ports;
        BroadcastPort? last = null;
        foreach (var port in ports)
        {
            if (port == from) continue;
            if (last is not null) GiveCopy(last, packet);
            last = port;
        }
        if (last is null) packet.Dispose();
        else if (packet.References > 1)
        {
            GiveCopy(last, packet);
            packet.Dispose();
        }
        else Give(last, packet);
    }

    private static BroadcastDrop ReasonOf(FlowError error) => error switch
    {
        FlowError.TryAgain => BroadcastDrop.Full,
        FlowError.MessageTooLong => BroadcastDrop.TooLong,
        FlowError.OutOfMemory => BroadcastDrop.NoMemory,
        _ => BroadcastDrop.NotReceiving,
    };

    private bool Suppress(BroadcastPort from, Packet packet)
    {
        if (!_guard!.Suppresses(from.Flow, packet.Span, out var found)) return false;
        if (found)
        {
            Counters.NoteLoop();
            LoopFound(from.Flow);
        }
        Drop(packet, BroadcastDrop.Loop);
        return true;
    }

    private void GiveCopy(BroadcastPort to, Packet packet)
    {
        if (packet.TryCopy(out var copy)) Give(to, copy);
        else Counters.Note(BroadcastDrop.NoMemory);
    }

    private void Give(BroadcastPort to, Packet packet)
    {
        var error = to.Give(packet);
        if (error == FlowError.None)
        {
            Counters.NoteSent();
            return;
        }
        Drop(packet, ReasonOf(error));
    }

    private bool Add(BroadcastPort port)
    {
        lock (_changing)
        {
            if (_ports.Any(p => p.Flow == port.Flow)) return false;
            _ports = [.. _ports, port];
            if (port.IsMember) _members++;
        }
        port.Open();
        return true;
    }
}
