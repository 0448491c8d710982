using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>What became of a query.</summary>
/// <param name="Query">Its number, as it was given.</param>
/// <param name="Key">What was asked for.</param>
/// <param name="Addresses">Where the name is registered, this node's own address apart; empty when it is not, or was not found.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Hops">Hops from this node's table to the node that had the values.</param>
/// <param name="Requests">Requests that it took, those repeated counted again.</param>
/// <param name="Elapsed">Milliseconds that it took.</param>
public readonly record struct DhtQueryResult(
    long Query, DhtKey Key, IReadOnlyList<ulong> Addresses, DhtQueryOutcome Outcome, int Hops, int Requests, long Elapsed);
