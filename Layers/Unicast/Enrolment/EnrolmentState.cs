using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Enrolment.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>What the enrolment actor has to remember, kept by whoever made it.</summary>
public sealed class EnrolmentState
{
    // Those who wait while the actor is being restarted.
    private const int MaxWaiting = 64;

    /// <summary>What those who enrol are given; null = nobody is let in yet.</summary>
    public ConfigMessage? Offer { get; set; }

    /// <summary>Flows of those who want to enrol.</summary>
    public FlowInbox Flows { get; } = new(MaxWaiting);

    /// <summary>What became of enrolments.</summary>
    public EnrolmentCounters Counters { get; } = new();
}
