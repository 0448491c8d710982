namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>Parameters of link-state routing, the same for all members of a layer, handed over at enrolment; the limits are each member's own.</summary>
/// <param name="Policy">Number of the policy: 0 <c>link-state</c>, 1 <c>lfa</c>, 2 <c>ecmp</c>.</param>
/// <param name="Recalculate">The longest time until a change is in the forwarding table; it mostly is within a hundredth of a second.</param>
/// <param name="Update">Longest time between two announcements of a link.</param>
/// <param name="Timeout">Time without news after which a link is gone.</param>
public sealed record LinkStateConfig(int Policy, TimeSpan Recalculate, TimeSpan Update, TimeSpan Timeout)
{
    /// <summary>The reference's values: policy <c>link-state</c>, 4 s, 15 s, 60 s.</summary>
    public static LinkStateConfig Default { get; } = new(0, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60));

    /// <summary>Links that the database holds in all, each direction counted.</summary>
    public int MaxLinks { get; init; } = 131_072;

    /// <summary>Links of one member that it holds (reference: PROG_MAX_FLOWS 4096 neighbours).</summary>
    public int MaxLinksPerMember { get; init; } = 4096;

    /// <summary>
    /// These parameters as they can be used. For what came with an enrolment: the reference's tool checks none of them, and a layer that has
    /// odd ones is still to be joined. Links are announced at least three times within the time that they live.
    /// </summary>
    public LinkStateConfig Clamped()
    {
        var timeout = Between(Timeout, TimeSpan.FromSeconds(3), TimeSpan.FromDays(1));
        return this with
        {
            Recalculate = Between(Recalculate, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            Timeout = timeout,
            Update = Between(Update, TimeSpan.FromSeconds(1), timeout / 3),
        };
    }

    private static TimeSpan Between(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
