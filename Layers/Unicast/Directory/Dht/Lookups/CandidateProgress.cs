namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>Where a look-up is with a candidate. Apart from who that is, since a look-up goes through those of all candidates for every answer.</summary>
internal struct CandidateProgress
{
    public CandidateState State;

    /// <summary>How often it was asked.</summary>
    public byte Tries;

    /// <summary>Hops from the own table: 1 is a contact of ours, 2 one that such a contact named.</summary>
    public byte Hops;

    /// <summary>Whether it counts among the alpha that are asked at a time; one that is late does not.</summary>
    public bool InFlight;
}
