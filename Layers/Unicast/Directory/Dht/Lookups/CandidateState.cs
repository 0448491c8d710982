namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>Where a look-up is with one node.</summary>
internal enum CandidateState : byte
{
    /// <summary>Not asked yet.</summary>
    New,

    /// <summary>Asked, and the answer may still come.</summary>
    Asked,

    /// <summary>It has answered.</summary>
    Answered,

    /// <summary>It cannot be reached, or did not answer.</summary>
    Failed,
}
