namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>What a directory actor is given when it is made, and again after a restart.</summary>
/// <param name="Config">The layer's parameters.</param>
/// <param name="Address">This member's address.</param>
/// <param name="Carrier">How messages travel in the layer.</param>
/// <param name="Inbox">Where the carrier puts what it received.</param>
/// <param name="State">What outlives the actor.</param>
/// <param name="Time">Both clocks.</param>
/// <param name="Random">Source of everything random; outside tests one that others cannot foresee, <see cref="UnforeseeableRandom"/>.</param>
public sealed record DirectoryContext(
    DirectoryConfig Config,
    ulong Address,
    IDirectoryCarrier Carrier,
    DirectoryInbox Inbox,
    DirectoryState State,
    TimeProvider Time,
    Random Random);
