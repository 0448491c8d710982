using System.Net;
using System.Net.Sockets;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Udp.Dns;

namespace Ouroboros.Layers.Udp;

/// <summary>What a UDP layer is made with.</summary>
/// <param name="Layer">The layer to make; its hash is always MD5.</param>
/// <param name="Address">Own address, which decides about the family; never a wildcard.</param>
public sealed record UdpConfig(LayerInfo Layer, IPAddress Address) : IpcpConfig(Layer)
{
    /// <summary>The port of a layer unless configured (reference: 3435). All members of a layer have the same.</summary>
    public const int DefaultPort = 3435;

    /// <inheritdoc/>
    public override IpcpType Type => Address.AddressFamily == AddressFamily.InterNetworkV6 ? IpcpType.Udp6 : IpcpType.Udp4;

    /// <summary>The port that we listen on, send from and ask at.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Interface of a link-local address, by name or number; null for others.</summary>
    public string? Scope { get; init; }

    /// <summary>How names are found and made known.</summary>
    public DnsSettings Dns { get; init; } = new();

    /// <summary>Whether the kernel may join and cut datagrams, where it can.</summary>
    public bool Offload { get; init; } = true;

    /// <summary>Largest datagram, bytes; null = as large as the reference takes, fragmented where the path is narrower.</summary>
    public int? Mtu { get; init; }

    /// <summary>
    /// Times and limits unless configured. Replies to the reference are held back 5 ms: its client notes whom it asked after it has asked (U1), and with
    /// 200 allocations at once on a busy machine 2 ms were seen to be too early.
    /// </summary>
    public static ShimSettings DefaultSettings { get; } = new() { HoldBack = TimeSpan.FromMilliseconds(5) };

    /// <summary>Whether packets that the path does not take in one piece are refused, as <see cref="FlowError.MessageTooLong"/>, instead of fragmented.</summary>
    public bool LimitToPath { get; init; }

    /// <summary>Times and limits of the layer.</summary>
    public ShimSettings Settings { get; init; } = DefaultSettings;

    /// <summary>Flows at once; null = as many as the family allows.</summary>
    public int? MaxFlows { get; init; }

    /// <summary>Decorators of the device.</summary>
    public DeviceOptions Decorators { get; init; } = DeviceOptions.None;

    /// <summary>Network namespace to open the socket in; null = that of the process.</summary>
    public string? Namespace { get; init; }

    /// <summary>Address and port with the number of the interface; to be called in the namespace.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: there is no such interface.</exception>
    public IPEndPoint ResolveLocal()
    {
        if (Scope is null) return new IPEndPoint(Address, Port);
        // The constructor of the text form asks the system for the number of a name.
        if (IPAddress.TryParse($"{Address}%{Scope}", out var scoped) && scoped.ScopeId != 0) return new IPEndPoint(scoped, Port);
        throw new FlowException(FlowError.InvalidArgument, $"there is no interface '{Scope}'; see `ip link`");
    }
}
