namespace Ouroboros.Runtime.Security;

/// <summary>The two sides of a flow allocation.</summary>
public enum FlowSide
{
    /// <summary>Asks for the flow.</summary>
    Client,

    /// <summary>Accepts it.</summary>
    Server,
}
