using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Ipcp;

/// <summary>
/// What an IPCP uses the layers below it with. To them it is an application: names are bound to it, and it allocates and accepts flows; whether one
/// goes through a layer or straight to another IPCP of this runtime is the IRMd's affair. Flows of an IPCP whose actor ends are released.
/// </summary>
public interface ILowerFlows
{
    /// <summary>Allocates a flow to a name.</summary>
    /// <param name="name">A name that the IRMd knows.</param>
    /// <param name="qos">What the flow is to be like.</param>
    /// <param name="timeout">How long that may take.</param>
    /// <param name="cancellationToken">Gives the allocation up.</param>
    /// <exception cref="FlowException">As for an application: the name is unknown, no layer has it, nobody accepted in time.</exception>
    Task<LowerFlow> AllocateAsync(string name, QosSpec qos, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>
    /// Takes flows that others allocate to names which this IPCP is bound to, until <see cref="Reset"/>. A later call replaces the callback.
    /// </summary>
    /// <param name="accepted">Called once for each flow, on any thread; the flow is the callee's from then on.</param>
    void Accept(Action<LowerFlow> accepted);

    /// <summary>The IPCP's actor ends, for good or to be restarted: releases every flow, takes no more, gives up what is on its way.</summary>
    void Reset();
}
