using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>What the connection manager's actor is given when it is made, and again after a restart.</summary>
/// <param name="Components">What the member has.</param>
/// <param name="Address">Its address; 0 in a broadcast layer.</param>
/// <param name="Lower">The layers below.</param>
/// <param name="Table">What outlives the actor.</param>
/// <param name="Enrolments">Where flows of those go who want to enrol.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Spreads what is tried again.</param>
public sealed record ConnectionsContext(
    IReadOnlyList<Component> Components,
    ulong Address,
    ILowerFlows Lower,
    ConnectionTable Table,
    FlowInbox Enrolments,
    TimeProvider Time,
    Random Random)
{
    /// <summary>Time-outs and limits.</summary>
    public ConnectionSettings Settings { get; init; } = new();
}
