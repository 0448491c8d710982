namespace Ouroboros.Layers.Unicast.Congestion;

/// <summary>The table of congestion avoidance policies.</summary>
public static class CongestionPolicies
{
    /// <summary>What it is called in HOCON and on the command line.</summary>
    public const string Key = "congestion";

    /// <summary>Every policy of this build.</summary>
    public static IReadOnlyList<ICongestionPolicy> All { get; } = [new NoCongestionAvoidance(), new MultiBitEcn()];

    /// <summary>The policy with this number.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> with the numbers that there are.</exception>
    public static ICongestionPolicy Find(int number) =>
        All.FirstOrDefault(p => p.Number == number)
        ?? throw new FlowException(
            FlowError.InvalidArgument, $"congestion policy {number} is unknown; this build has {string.Join(", ", All.Select(p => $"{p.Number} ({p.Name})"))}");
}
