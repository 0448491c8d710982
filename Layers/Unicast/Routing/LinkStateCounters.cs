namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>What routing has done so far, for inspection.</summary>
public sealed class LinkStateCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<LinkStateDrop>().Length];

    /// <summary>Messages received, keep-alives apart.</summary>
    public long Received { get; internal set; }

    /// <summary>Of these, news.</summary>
    public long News { get; internal set; }

    /// <summary>Of these, what was known already.</summary>
    public long Old { get; internal set; }

    /// <summary>Messages sent.</summary>
    public long Sent { get; internal set; }

    /// <summary>Times that a neighbour could take no more for now.</summary>
    public long Blocked { get; internal set; }

    /// <summary>Announcements of this member's links by others that were answered.</summary>
    public long FoughtBack { get; internal set; }

    /// <summary>Entries that aged out.</summary>
    public long Expired { get; internal set; }

    /// <summary>Entries of members that nobody reaches, removed because the database was full.</summary>
    public long Evicted { get; internal set; }

    /// <summary>Calculations of routes.</summary>
    public long Calculations { get; internal set; }

    /// <summary>Of these, those that changed a route.</summary>
    public long Installs { get; internal set; }

    /// <summary>Things dropped, for all reasons.</summary>
    public long DroppedInAll => _dropped.Sum();

    /// <summary>Things dropped for a reason.</summary>
    public long Dropped(LinkStateDrop reason) => _dropped[(int)reason];

    internal void Count(LinkStateDrop reason) => _dropped[(int)reason]++;
}
