namespace Ouroboros.Layers.Udp.Dns.Wire;

/// <summary>Classes of resource records; in an update they say what is to be done (RFC 2136 section 2.5).</summary>
internal enum DnsClass : ushort
{
    /// <summary>Internet; in an update: add the record.</summary>
    In = 1,

    /// <summary>In an update: delete this record.</summary>
    None = 254,

    /// <summary>In an update: delete all records of this name and type.</summary>
    Any = 255,
}
