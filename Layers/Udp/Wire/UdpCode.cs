namespace Ouroboros.Layers.Udp.Wire;

/// <summary>Kinds of management message; the numbers are the reference's (shims-udp-local.md 4.2). Not those of Ethernet.</summary>
public enum UdpCode : byte
{
    /// <summary>Asks for a flow to a name.</summary>
    FlowRequest = 1,

    /// <summary>Accepts or refuses it.</summary>
    FlowReply = 2,

    /// <summary>Ours, only between two nodes that know each other as such: the flow [s_eid of the sender | d_eid of the receiver] is released.</summary>
    Dealloc = 0x4F,
}
