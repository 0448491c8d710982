using Akka.Actor;
using Ouroboros.Hocon;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Layers.Unicast;

/// <summary>The unicast kind of IPCP: a member of a recursive layer over whatever layers lie below.</summary>
public sealed class UnicastKind : IIpcpKind
{
    /// <inheritdoc/>
    public IpcpType Type => IpcpType.Unicast;

    /// <inheritdoc/>
    public string Name => "unicast";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> OwnOptions { get; } =
    [
        PeerTimeoutOption.Key, RoutingPolicies.MaxLinksKey, RoutingPolicies.MaxLinksPerMemberKey, DhtPolicy.MaxValuesKey, DhtPolicy.MaxValuesPerPeerKey,
    ];

    /// <inheritdoc/>
    public Props CreateProps(IpcpContext context) => ActorFactory.Props(() => new UnicastIpcp(context));

    /// <inheritdoc/>
    public IpcpConfig ReadConfig(string layer, HoconReader options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return UnicastOptionsReader.Read(layer, options);
    }
}
