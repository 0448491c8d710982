using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>What the serving side of enrolment is connected to. Called while the core works: an implementation must not call it back.</summary>
public interface IEnrolmentOutput
{
    /// <summary>Sends a message.</summary>
    /// <returns>false when it could not be sent.</returns>
    bool Send(LowerFlow flow, ReadOnlySpan<byte> message);

    /// <summary>Reads one message; to end in <see cref="EnrolmentServer.Receive"/> or <see cref="EnrolmentServer.OnFlowEnded"/>.</summary>
    void Listen(LowerFlow flow);

    /// <summary>Releases a flow: the enrolment is over.</summary>
    void Release(LowerFlow flow);
}
