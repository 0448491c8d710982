namespace Ouroboros.Layers.Ipcp;

/// <summary>Kinds of IPCP; the numbers are the reference's, and the order in which layers are preferred for a new flow.</summary>
public enum IpcpType
{
    /// <summary>Flows between applications of this runtime.</summary>
    Local = 0,

    /// <summary>A recursive layer.</summary>
    Unicast = 1,

    /// <summary>A layer in which every packet reaches every member.</summary>
    Broadcast = 2,

    /// <summary>Shim over Ethernet with LLC frames.</summary>
    EthLlc = 3,

    /// <summary>Shim over Ethernet with DIX frames.</summary>
    EthDix = 4,

    /// <summary>Shim over UDP on IPv4.</summary>
    Udp4 = 5,

    /// <summary>Shim over UDP on IPv6.</summary>
    Udp6 = 6,
}
