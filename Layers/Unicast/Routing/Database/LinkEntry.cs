using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing.Database;

/// <summary>What is known of a link in one direction.</summary>
internal struct LinkEntry
{
    /// <summary>The link.</summary>
    public LinkKey Link;

    /// <summary>Of the newest announcement or withdrawal.</summary>
    public ulong Sequence;

    /// <summary>When that came, milliseconds of the core's clock.</summary>
    public long Stamp;

    /// <summary>Numbers of the two ends in the graph.</summary>
    public int Source, Destination;

    /// <summary>Neighbours in the list by age; -1 at its ends, and for own entries, which do not age.</summary>
    public int Older, Newer;

    /// <summary>Its source has withdrawn it: remembered so that older announcements, which still go round, are not believed.</summary>
    public bool Withdrawn;

    /// <summary>Announced by this member.</summary>
    public bool Own;

    /// <summary>The slot is in use.</summary>
    public bool Used;

    /// <summary>As a message.</summary>
    public readonly Lsa Lsa => new(Link, Sequence, Withdrawn);
}
