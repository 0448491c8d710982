namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>
/// The conversation with the routing actor, besides <see cref="Connections.ConnectionEvents"/>, which it is told of all connections; twice does no
/// harm.
/// </summary>
public static class RoutingProtocol
{
    /// <summary>How is it? Answered with <see cref="Description"/>.</summary>
    public sealed record Describe
    {
        /// <summary>The one that there is.</summary>
        public static readonly Describe Instance = new();
    }

    /// <summary>How routing is.</summary>
    /// <param name="Values">Names and numbers, in the order in which they are to be shown.</param>
    /// <param name="Files">The directory <c>lsdb</c> of the RIB.</param>
    public sealed record Description(IReadOnlyList<KeyValuePair<string, long>> Values, IReadOnlyList<LsdbFile> Files);

    /// <summary>A file of <c>lsdb</c>: an empty one for each neighbour, one with text for each link (tools-and-rib.md 9.2).</summary>
    /// <param name="Name"><c>.dt ADDRESS</c>, <c>.mgmt ADDRESS</c> or <c>SOURCE--DESTINATION</c>.</param>
    /// <param name="Text">What is in it, the whole of it; the reference's is cut at 104 bytes.</param>
    /// <param name="Modified">When that last changed.</param>
    public sealed record LsdbFile(string Name, string Text, DateTimeOffset Modified);
}
