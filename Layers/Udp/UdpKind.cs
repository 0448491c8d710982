using System.Net.Sockets;
using Akka.Actor;
using Ouroboros.Hocon;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Udp;

/// <summary>The kinds <c>udp4</c> and <c>udp6</c>.</summary>
public sealed class UdpKind : IIpcpKind
{
    private readonly AddressFamily _family;

    private UdpKind(AddressFamily family) => _family = family;

    /// <summary>Over IPv4.</summary>
    public static UdpKind Ipv4 { get; } = new(AddressFamily.InterNetwork);

    /// <summary>Over IPv6.</summary>
    public static UdpKind Ipv6 { get; } = new(AddressFamily.InterNetworkV6);

    /// <inheritdoc/>
    public IpcpType Type => _family == AddressFamily.InterNetwork ? IpcpType.Udp4 : IpcpType.Udp6;

    /// <inheritdoc/>
    public string Name => _family == AddressFamily.InterNetwork ? "udp4" : "udp6";

    /// <inheritdoc/>
    public Props CreateProps(IpcpContext context) =>
        ActorFactory.Props(() => new UdpIpcp(context, Type));

    /// <inheritdoc/>
    public IpcpConfig ReadConfig(string layer, HoconReader options) => UdpOptionsReader.Read(layer, options, _family);
}
