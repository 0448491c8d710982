namespace Ouroboros.Layers.Udp.Dns.Wire;

/// <summary>Response codes (RFC 1035 section 4.1.1, RFC 2136 section 2.2).</summary>
public enum DnsCode
{
    /// <summary>Done.</summary>
    NoError = 0,

    /// <summary>The server could not read the request.</summary>
    FormatError = 1,

    /// <summary>The server failed.</summary>
    ServerFailure = 2,

    /// <summary>There is no such name.</summary>
    NameError = 3,

    /// <summary>The server does not know this kind of request.</summary>
    NotImplemented = 4,

    /// <summary>The server does not want to.</summary>
    Refused = 5,

    /// <summary>The server is not authoritative for the zone, or the request was not signed as it must be.</summary>
    NotAuthoritative = 9,

    /// <summary>The name is not within the zone.</summary>
    NotInZone = 10,
}
