namespace Ouroboros.Samples.DhtSimulation.Live;

/// <summary>What a run with live actors showed.</summary>
/// <param name="Actors">Directory actors, all under one parent.</param>
/// <param name="Lookups">Look-ups made.</param>
/// <param name="Found">Those that gave the address at which the name is registered.</param>
/// <param name="MemoryPerActor">Managed memory with everything at rest, bytes.</param>
/// <param name="PeakMemory">Most memory that the process had, bytes.</param>
/// <param name="Messages">Messages carried, as bytes, from the first join on.</param>
/// <param name="Elapsed">Real time from the first join to the last look-up.</param>
public sealed record LiveResult(int Actors, int Lookups, int Found, long MemoryPerActor, long PeakMemory, long Messages, TimeSpan Elapsed);
