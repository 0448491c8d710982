using Ouroboros.Layers.Broadcast;
using Ouroboros.Layers.Ethernet;
using Ouroboros.Layers.Local;
using Ouroboros.Layers.Udp;
using Ouroboros.Layers.Unicast;

namespace Ouroboros.Layers.Ipcp;

/// <summary>The kind table: a new kind of layer is one folder and one line here.</summary>
public static class IpcpKinds
{
    /// <summary>Every kind that this build has, in order of preference for new flows.</summary>
    public static IReadOnlyList<IIpcpKind> All { get; } =
    [
        new LocalKind(),
        new UnicastKind(),
        new BroadcastKind(),
        EthernetKind.Llc,
        EthernetKind.Dix,
        UdpKind.Ipv4,
        UdpKind.Ipv6,
    ];

    /// <summary>Kinds that tests add; they come before those of the build.</summary>
    internal static List<IIpcpKind> Added { get; } = [];

    /// <summary>The kind with this name.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.UnknownIpcpType"/> with the names that there are.</exception>
    public static IIpcpKind Find(string name) =>
        Added.Concat(All).FirstOrDefault(k => k.Name == name)
        ?? throw new FlowException(FlowError.UnknownIpcpType, $"IPCP type '{name}' is unknown; use one of {string.Join(", ", All.Select(k => k.Name))}");

    /// <summary>The kind with this number.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.UnknownIpcpType"/>.</exception>
    public static IIpcpKind Find(IpcpType type) =>
        Added.Concat(All).FirstOrDefault(k => k.Type == type)
        ?? throw new FlowException(FlowError.UnknownIpcpType, $"IPCP type {(int)type} ({type}) is not in this build; it has {string.Join(", ", All.Select(k => k.Name))}");
}
