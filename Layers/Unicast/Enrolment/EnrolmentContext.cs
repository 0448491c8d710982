using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>What the enrolment actor is given when it is made, and again after a restart.</summary>
/// <param name="Codec">The kind of layer.</param>
/// <param name="Lower">The layers below.</param>
/// <param name="State">What outlives the actor.</param>
/// <param name="Time">Both clocks.</param>
/// <param name="Random">Source of ids.</param>
public sealed record EnrolmentContext(IEnrolmentCodec Codec, ILowerFlows Lower, EnrolmentState State, TimeProvider Time, Random Random)
{
    /// <summary>Time-outs and limits.</summary>
    public EnrolmentSettings Settings { get; init; } = new();
}
