namespace Ouroboros.Layers.Devices;

/// <summary>What a <see cref="LinkAddress"/> holds.</summary>
public enum LinkAddressKind : byte
{
    /// <summary>No address.</summary>
    None = 0,

    /// <summary>IEEE 802 MAC address, 48 bits.</summary>
    Mac = 1,

    /// <summary>IPv4 address and UDP port.</summary>
    Ipv4 = 4,

    /// <summary>IPv6 address, UDP port and scope id.</summary>
    Ipv6 = 6,
}
