namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>Why an incoming or outgoing connection did not come about; each is counted.</summary>
public enum CepFailure
{
    /// <summary>Nothing came in time.</summary>
    Silent,

    /// <summary>The flow ended first.</summary>
    FlowEnded,

    /// <summary>What came is no message of connection establishment.</summary>
    Malformed,

    /// <summary>The other side does not have the component.</summary>
    Refused,

    /// <summary>The other side asks for a component that is not here.</summary>
    UnknownComponent,

    /// <summary>The component speaks another protocol there.</summary>
    ProtocolMismatch,

    /// <summary>Of another version.</summary>
    VersionMismatch,

    /// <summary>In another syntax.</summary>
    SyntaxMismatch,

    /// <summary>The other side has no address that a member can have.</summary>
    NoAddress,

    /// <summary>The other side has this member's own address.</summary>
    AddressClash,

    /// <summary>The connection leads back to this member.</summary>
    OwnFlow,

    /// <summary>This end has disconnected the neighbour and not connected it again.</summary>
    Unwanted,

    /// <summary>As many flows wait for their first message as may.</summary>
    TooManyHalfOpen,

    /// <summary>More flows came than are taken in that time.</summary>
    TooFast,

    /// <summary>The answer could not be sent.</summary>
    NotSent,
}
