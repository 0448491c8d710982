using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Ipcp;

/// <summary>The lower flows of an IPCP that has nobody below it.</summary>
internal sealed class NoLowerFlows : ILowerFlows
{
    public static NoLowerFlows Instance { get; } = new();

    public Task<LowerFlow> AllocateAsync(string name, QosSpec qos, TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.FromException<LowerFlow>(new FlowException(FlowError.NotSupported, $"this IPCP has no layers below to look for '{name}' in"));

    public void Accept(Action<LowerFlow> accepted)
    {
    }

    public void Reset()
    {
    }
}
