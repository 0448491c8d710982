using Ouroboros.Pool;

namespace Ouroboros;

/// <summary>Something happened to a flow of a set.</summary>
/// <param name="Flow">Which.</param>
/// <param name="Events">What has happened since it was last reported; several things may have.</param>
public readonly record struct FlowEvent(Flow Flow, FlowEventType Events)
{
    /// <summary>Whether this is among what happened.</summary>
    public bool Has(FlowEventType type) => (Events & type) != 0;
}
