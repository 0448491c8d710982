namespace Ouroboros.Layers.Unicast;

/// <summary>Times and limits of a flow allocator.</summary>
public sealed record FlowAllocatorSettings
{
    /// <summary>Maximum packet lifetime in a unicast layer (reference: IPCP_UNICAST_MPL 100 ms).</summary>
    public TimeSpan Mpl { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When an allocation without an answer is over; a little above the 20 s of the IRMd.</summary>
    public TimeSpan AllocationTimeout { get; init; } = TimeSpan.FromMilliseconds(20_500);

    /// <summary>The least time that an address gets to answer, where a name has several.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a way to an address is waited for when there is none: routing may be about to find it.</summary>
    public TimeSpan RouteTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>When a directory that has not answered is asked again: its actor may have been restarted.</summary>
    public TimeSpan DirectoryRepeat { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>When a request to a peer that is one of ours is repeated for the first time; then after twice that each time, up to <see cref="RequestRepeatLimit"/>.</summary>
    public TimeSpan RequestRepeat { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest time between two repeats.</summary>
    public TimeSpan RequestRepeatLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// When a peer of which we do not know whether it is ours, and that does not answer, is asked for a flow to a name that nobody has: ours refuse
    /// that at once, the reference says nothing. Then after twice that each time.
    /// </summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Such questions for each request.</summary>
    public int MaxProbes { get; init; } = 4;

    /// <summary>How long replies to peers that may be of the reference are held back: it sends first and notes afterwards whom it asked (D12).</summary>
    public TimeSpan HoldBack { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long after its last packet a release is told: packets must not come later than it.</summary>
    public TimeSpan ReleaseDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>When a release is told again, after the release: there is no answer to it.</summary>
    public IReadOnlyList<TimeSpan> ReleaseRepeats { get; init; } = [TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(300)];

    /// <summary>When a request that arrived is over without an answer of the IRMd; above the 2 s that it may take to start a program.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long answered requests, and requests that were given up, are remembered (reference: OAP_REPLAY_TIMER 20 s).</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Requests that one source may make at once.</summary>
    public int RequestBurst { get; init; } = 512;

    /// <summary>Requests per second that one source regains.</summary>
    public int RequestRate { get; init; } = 256;

    /// <summary>Requests that arrived and have no answer yet, from everybody together; one source gets half.</summary>
    public int MaxArrived { get; init; } = 1024;

    /// <summary>Requests that are remembered after their answer.</summary>
    public int MaxRemembered { get; init; } = 4096;

    /// <summary>Messages that are held back at once.</summary>
    public int MaxHeldBack { get; init; } = 4096;

    /// <summary>Members that are remembered to be ours.</summary>
    public int MaxKnown { get; init; } = 4096;

    /// <summary>Flows at once.</summary>
    public int MaxFlows { get; init; } = 1 << 20;

    /// <summary>Whether the offer is made; off, the member behaves as the reference does towards everybody.</summary>
    public bool MakeOffer { get; init; } = true;

    /// <summary>Whether requests that cannot be served are refused at once instead of being left without an answer.</summary>
    public bool NegativeReplies { get; init; } = true;
}
