namespace Ouroboros.Layers.Udp.Wire;

/// <summary>Kinds of management message; the numbers are the reference's (shims-udp-local.md 4.2). Not those of Ethernet.</summary>
public enum UdpCode : byte
{
    /// <summary>Asks for a flow to a name.</summary>
    FlowRequest = 1,

    /// <summary>Accepts or refuses it.</summary>
    FlowReply = 2,
}
