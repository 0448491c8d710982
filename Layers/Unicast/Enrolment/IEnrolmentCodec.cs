using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Enrolment.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>What enrolment has to know of a kind of layer: how its configuration is written, and what is accepted.</summary>
public interface IEnrolmentCodec
{
    /// <summary>The kind of IPCP.</summary>
    IpcpType Type { get; }

    /// <summary>What the member at <paramref name="address"/> hands to those who enrol with it.</summary>
    ConfigMessage Write(IpcpConfig config, ulong address);

    /// <summary>The configuration that a member handed over.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: something is missing or not in this build; with what.</exception>
    IpcpConfig Read(ConfigMessage message);
}
