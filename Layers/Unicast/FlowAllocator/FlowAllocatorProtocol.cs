namespace Ouroboros.Layers.Unicast;

/// <summary>What a flow allocator's actor answers beside commands of the IRMd.</summary>
public static class FlowAllocatorProtocol
{
    /// <summary>How is it? Answered with <see cref="Description"/>.</summary>
    public sealed record Describe
    {
        /// <summary>The one that there is.</summary>
        public static readonly Describe Instance = new();
    }

    /// <summary>How a flow allocator is: names and numbers, for the RIB and for people.</summary>
    /// <param name="Values">In the order in which they are to be shown.</param>
    /// <param name="Flows">Each flow.</param>
    public sealed record Description(IReadOnlyList<KeyValuePair<string, long>> Values, IReadOnlyList<UnicastFlowStatistics> Flows);
}
