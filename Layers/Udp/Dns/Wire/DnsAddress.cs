using System.Net;

namespace Ouroboros.Layers.Udp.Dns.Wire;

/// <summary>One address of a name.</summary>
/// <param name="Address">IPv4 or IPv6, as was asked for.</param>
/// <param name="Ttl">How long it may be remembered.</param>
public sealed record DnsAddress(IPAddress Address, TimeSpan Ttl);
