using Ouroboros.Pool;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>A datagram and its other end: whom it came from, or whom it goes to.</summary>
/// <param name="Packet">The payload.</param>
/// <param name="Peer">The other end.</param>
public readonly record struct UdpDatagram(Packet Packet, UdpAddress Peer);
