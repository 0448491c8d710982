namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>Who waits for a query: a caller here, or a reference node that asked and cannot search by itself.</summary>
/// <param name="Query">Number of the query; of no meaning for a reference node.</param>
/// <param name="Address">Address of the reference node; 0 for a caller here.</param>
/// <param name="Cookie">Of the reference node's request.</param>
/// <param name="Since">When it was asked, milliseconds.</param>
internal readonly record struct QueryWaiter(long Query, ulong Address, ulong Cookie, long Since);
