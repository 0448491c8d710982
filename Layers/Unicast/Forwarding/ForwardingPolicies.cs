namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>The table of forwarding policies.</summary>
public static class ForwardingPolicies
{
    /// <summary>Every policy of this build.</summary>
    public static IReadOnlyList<IForwardingPolicy> All { get; } = [new SimpleForwarding(), new AlternateForwarding(), new MultipathForwarding()];

    /// <summary>The policy with this number.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> with the numbers that there are.</exception>
    public static IForwardingPolicy Find(int number) =>
        All.FirstOrDefault(p => p.Number == number)
        ?? throw new FlowException(
            FlowError.InvalidArgument, $"forwarding policy {number} is unknown; this build has {string.Join(", ", All.Select(p => $"{p.Number} ({p.Name})"))}");
}
