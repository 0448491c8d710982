using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>Where a connection puts what it has done; called from inside its methods, never from elsewhere.</summary>
internal interface IFrcpOutput
{
    /// <summary>Messages that were delivered and not read yet.</summary>
    int Unread { get; }

    /// <summary>Hands a packet to the layer below. An empty one goes as it is: neither cipher nor CRC touch it.</summary>
    /// <returns>False: it was not taken, the caller still owns it.</returns>
    bool Transmit(Packet packet);

    /// <summary>Hands a message to the user.</summary>
    /// <returns>False: there is no room, the caller still owns it.</returns>
    bool Deliver(Packet message);

    /// <summary>A packet was retransmitted for as long as may be; the connection has given up.</summary>
    void GaveUp();
}
