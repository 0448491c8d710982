using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>
/// A segment in memory that any number of devices are on: what one sends, the others receive, by MAC address for Ethernet and by
/// pseudo-header for datagrams. Frames queue up until <see cref="Run"/> moves them, in the thread that calls it: a test or simulation says
/// when, and the order is always the same.
/// </summary>
/// <param name="kind">What it carries.</param>
/// <param name="mtu">Largest payload, bytes.</param>
/// <param name="capacity">Frames that it holds; more have no room.</param>
public sealed class VirtualLink(LinkKind kind, int mtu = 1500, int capacity = 4096) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<(VirtualDevice From, Packet Frame)> _frames = new();
    private readonly List<VirtualDevice> _devices = [];

    /// <summary>What it carries.</summary>
    public LinkKind Kind => kind;

    /// <summary>Largest payload, bytes.</summary>
    public int Mtu => mtu;

    /// <summary>Frames under way.</summary>
    public int Count
    {
        get { lock (_lock) return _frames.Count; }
    }

    /// <summary>Called, in the sender's thread, when a frame was put on the empty link; whoever runs the link may want to know.</summary>
    public Action? FramesWaiting { get; set; }

    /// <summary>
    /// Who is to get a datagram, by the address in its pseudo-header; needed for datagrams only, Ethernet goes by the MAC address.
    /// </summary>
    public Func<VirtualDevice, Packet, VirtualDevice, bool>? IsFor { get; init; }

    /// <summary>Adds a device.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="address">Its address.</param>
    /// <param name="pool">Where its frames are received into.</param>
    public VirtualDevice Add(string name, LinkAddress address, PacketPool pool)
    {
        var device = new VirtualDevice(this, name, address, pool);
        lock (_lock) _devices.Add(device);
        return device;
    }

    /// <summary>Moves the frames that are under way to their receivers, and those that these send in turn.</summary>
    /// <param name="limit">At most this many.</param>
    /// <returns>How many were moved.</returns>
    public int Run(int limit = int.MaxValue)
    {
        var moved = 0;
        while (moved < limit)
        {
            (VirtualDevice From, Packet Frame) next;
            VirtualDevice[] devices;
            lock (_lock)
            {
                if (!_frames.TryDequeue(out next)) return moved;
                devices = [.. _devices];
            }
            moved++;
            foreach (var device in devices)
            {
                if (device != next.From && Reaches(next.From, next.Frame, device)) device.Take(next.Frame);
            }
            next.Frame.Dispose();
        }
        return moved;
    }

    /// <summary>Drops what is under way.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            while (_frames.TryDequeue(out var next)) next.Frame.Dispose();
        }
    }

    internal int Put(VirtualDevice from, ReadOnlySpan<Packet> frames)
    {
        var taken = 0;
        bool first;
        lock (_lock)
        {
            first = _frames.Count == 0;
            while (taken < frames.Length && _frames.Count < capacity) _frames.Enqueue((from, frames[taken++]));
        }
        if (first && taken > 0) FramesWaiting?.Invoke();
        return taken;
    }

    internal void Remove(VirtualDevice device)
    {
        lock (_lock) _devices.Remove(device);
    }

    private bool Reaches(VirtualDevice from, Packet frame, VirtualDevice to)
    {
        if (kind != LinkKind.Ethernet) return IsFor?.Invoke(from, frame, to) ?? true;
        if (frame.Length < LinkAddress.MacLength) return false;
        var destination = LinkAddress.FromMac(frame.Span);
        return destination == to.Address || destination == LinkAddress.Broadcast || destination == LinkAddress.ZeroMac;
    }
}
