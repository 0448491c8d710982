using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// What a unicast layer is made with: chosen at bootstrap of the first member, handed to the others by enrolment. Defaults and ranges are those of
/// unicast-data-plane.md section 2 and layer-management.md section 4.2.
/// </summary>
/// <param name="Layer">Name of the layer, and how its directory hashes names.</param>
public sealed record UnicastConfig(LayerInfo Layer) : IpcpConfig(Layer)
{
    /// <summary>The only size of addresses that the reference's layers work with, bytes.</summary>
    public const int OnlyAddressSize = 4;

    /// <summary>The size of endpoint ids that every member uses, bytes, whatever <see cref="EidSize"/> says.</summary>
    public const int OnlyEidSize = 8;

    /// <inheritdoc/>
    public override IpcpType Type => IpcpType.Unicast;

    /// <summary>Bytes of an address; always 4.</summary>
    public int AddressSize { get; init; } = OnlyAddressSize;

    /// <summary>Bytes of an endpoint id as the layer announces it; 8 is used whatever it says.</summary>
    public int EidSize { get; init; } = OnlyEidSize;

    /// <summary>Hops that a packet may take; 1 to 255.</summary>
    public byte MaxTtl { get; init; } = 60;

    /// <summary>Who gives addresses: 0, flat, the only one there is.</summary>
    public int AddressAuthority { get; init; }

    /// <summary>How congestion is avoided: 0 not at all, 1 multi-bit explicit congestion notification.</summary>
    public int Congestion { get; init; } = 1;

    /// <summary>How long a neighbour of ours may be silent until it counts as gone; 0 = 120 s, as neighbours of the reference. This member's own.</summary>
    public TimeSpan PeerTimeout { get; init; } = ConnectionSettings.DefaultPeerTimeout;

    /// <summary>Routing.</summary>
    public LinkStateConfig Routing { get; init; } = LinkStateConfig.Default;

    /// <summary>The directory, with the address of a member to find it through; 0 for the first member.</summary>
    public DirectoryConfig Directory { get; init; } = new DhtConfig(new DhtOptions());

    /// <inheritdoc/>
    public override IpcpConfig WithOwnOf(IpcpConfig? other)
    {
        if (other is not UnicastConfig own) return this;
        return this with
        {
            PeerTimeout = own.PeerTimeout,
            Routing = Routing with { MaxLinks = own.Routing.MaxLinks, MaxLinksPerMember = own.Routing.MaxLinksPerMember },
            Directory = Directory.WithOwnOf(own.Directory),
        };
    }
}
