namespace Ouroboros.Layers.Udp.Dns.Wire;

/// <summary>Types of resource records that a UDP layer uses (RFC 1035 section 3.2.2, RFC 3596).</summary>
public enum DnsType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>The true name of an alias.</summary>
    Cname = 5,

    /// <summary>Start of authority; names a zone in an update.</summary>
    Soa = 6,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,
}
