namespace Ouroboros.Runtime.Control;

/// <summary>
/// The records of a flow's connection after the reply, both ways: one byte of kind, then what belongs to it. One packet is one record, unless it is too large for one.
/// </summary>
internal static class FlowRecord
{
    /// <summary>A packet: [kind | payload].</summary>
    public const byte Packet = 0;

    /// <summary>From the application: [kind | bits]; <see cref="UpBit"/>, <see cref="WritableBit"/>.</summary>
    public const byte State = 1;

    /// <summary>To the application: the flow is down.</summary>
    public const byte Down = 2;

    /// <summary>To the application: the flow is up again.</summary>
    public const byte Up = 3;

    /// <summary>To the application: the peer has released the flow.</summary>
    public const byte Released = 4;

    /// <summary>To the application: the peer has not been heard of in time.</summary>
    public const byte PeerDead = 5;

    /// <summary>The beginning of a packet that is larger than a record: [kind | payload]; more of it follows, the last as <see cref="Packet"/>.</summary>
    public const byte Part = 6;

    /// <summary>The application has not marked the flow down.</summary>
    public const byte UpBit = 1;

    /// <summary>The application takes packets.</summary>
    public const byte WritableBit = 2;

    /// <summary>Bytes before the payload.</summary>
    public const int Header = 1;

    /// <summary>Largest payload of one record, bytes. A record has to fit into a socket's buffer, 208 KiB by default.</summary>
    public const int MaxPayload = 65536;
}
