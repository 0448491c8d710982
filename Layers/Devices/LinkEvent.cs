namespace Ouroboros.Layers.Devices;

/// <summary>Something happened to a link.</summary>
/// <param name="State">What it can do now.</param>
/// <param name="Name">What the interface is called now.</param>
/// <param name="Address">Its own address now.</param>
/// <param name="Mtu">Largest payload of a frame or datagram now, bytes.</param>
/// <param name="Description">What happened, for people: <c>eth0 was renamed to lan0</c>.</param>
public sealed record LinkEvent(LinkState State, string Name, LinkAddress Address, int Mtu, string Description);
