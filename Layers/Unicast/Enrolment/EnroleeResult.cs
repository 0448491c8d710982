using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>What a message of the member came to.</summary>
/// <param name="Reply">To be sent to the member.</param>
/// <param name="Config">The configuration of the layer: start the components, then <see cref="Enrolee.Confirm"/>.</param>
/// <param name="Failure">It has failed; the flow is to be released.</param>
/// <param name="Reason">What to tell a person.</param>
public readonly record struct EnroleeResult(byte[]? Reply, IpcpConfig? Config, EnrolmentFailure? Failure, string? Reason);
