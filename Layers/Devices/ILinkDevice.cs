using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>
/// A link that carries whole frames or datagrams, in batches. A frame is a packet whose first bytes are the link's header
/// (<see cref="LinkKind"/>). Ownership of a packet moves with each call. Sending is safe from any thread and never blocks; what arrives comes
/// on a thread that the device owns. Decorators wrap a device and are devices themselves.
/// </summary>
public interface ILinkDevice : IDisposable
{
    /// <summary>What the interface or socket is called now.</summary>
    string Name { get; }

    /// <summary>What it carries.</summary>
    LinkKind Kind { get; }

    /// <summary>Its own address now.</summary>
    LinkAddress Address { get; }

    /// <summary>Largest payload, bytes: of an Ethernet frame without its header of 14 bytes, of a datagram without UDP and IP headers.</summary>
    int Mtu { get; }

    /// <summary>
    /// Largest payload that reaches a peer in one piece, as far as the system knows now, bytes; 0 when it does not know. Costs system calls where paths
    /// differ from the link.
    /// </summary>
    int PathMtu(LinkAddress peer) => Mtu;

    /// <summary>What it can do now.</summary>
    LinkState State { get; }

    /// <summary>What it carried and dropped so far.</summary>
    LinkCounters Counters { get; }

    /// <summary>Begins to receive; once.</summary>
    void Start(ILinkReceiver receiver);

    /// <summary>Sends frames in order.</summary>
    /// <returns>
    /// How many were taken; their ownership has moved. The others had no room and are still the caller's, who waits with
    /// <see cref="WaitWritableAsync"/>. A link that is down or a closed device takes and drops everything, and counts it.
    /// </returns>
    int Send(ReadOnlySpan<Packet> frames);

    /// <summary>Packets taken and not sent yet.</summary>
    int QueueLength { get; }

    /// <summary>Completes with <see cref="FlowError.None"/> when <see cref="Send"/> is worth another try, else with the reason to give up.</summary>
    ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Wakes whoever sleeps in <see cref="WaitWritableAsync"/>, with <see cref="FlowError.None"/>.</summary>
    void WakeWriters();
}
