namespace Ouroboros.Layers.Devices;

/// <summary>What a device carries, i.e. what its packets begin with.</summary>
public enum LinkKind
{
    /// <summary>Ethernet frames: destination MAC, source MAC, type or length, and so on; no preamble, no checksum.</summary>
    Ethernet,

    /// <summary>UDP over IPv4: a <c>sockaddr_in</c> of 16 bytes (destination when sent, source when received), then the datagram's payload.</summary>
    Udp4,

    /// <summary>UDP over IPv6: a <c>sockaddr_in6</c> of 28 bytes (destination when sent, source when received), then the datagram's payload.</summary>
    Udp6,
}
