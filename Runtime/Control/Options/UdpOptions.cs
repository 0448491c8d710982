using System.Net;
using System.Net.Sockets;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Control;

/// <summary>A shim layer over UDP; the address says over which IP.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Address">Local address.</param>
public sealed record UdpOptions(string Layer, IPAddress Address) : LayerOptions(Layer)
{
    /// <summary>Port unless given.</summary>
    public const ushort DefaultPort = 3435;

    /// <summary>UDP port.</summary>
    public ushort Port { get; init; } = DefaultPort;

    /// <summary>Server for dynamic DNS; null = none.</summary>
    public IPAddress? Dns { get; init; }

    /// <inheritdoc/>
    public override IpcpType Type => Address.AddressFamily == AddressFamily.InterNetworkV6 ? IpcpType.Udp6 : IpcpType.Udp4;
}
