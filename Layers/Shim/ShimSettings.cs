namespace Ouroboros.Layers.Shim;

/// <summary>Times and limits of a shim layer.</summary>
public sealed record ShimSettings
{
    /// <summary>When a query is answered at the latest; below the 200 ms that the IRMd waits.</summary>
    public TimeSpan QueryAnswer { get; init; } = TimeSpan.FromMilliseconds(180);

    /// <summary>How long a query goes on after that to fill the directory (reference: NAME_QUERY_TIMEO 2000 ms).</summary>
    public TimeSpan QueryLife { get; init; } = TimeSpan.FromMilliseconds(2000);

    /// <summary>When a query is repeated for the first time; then after twice that each time.</summary>
    public TimeSpan QueryRepeat { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long an address of a name is believed without being heard again.</summary>
    public TimeSpan DirectoryExpiry { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long replies to peers of the reference are held back (shims-ethernet.md 10.3: at least 1 ms).</summary>
    public TimeSpan HoldBack { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>When a request without an answer is over; a little above the 20 s of the IRMd.</summary>
    public TimeSpan AllocationTimeout { get; init; } = TimeSpan.FromMilliseconds(20_500);

    /// <summary>
    /// When a request to a peer that is one of ours is repeated for the first time; then after twice that each time, up to
    /// <see cref="RequestRepeatLimit"/>.
    /// </summary>
    public TimeSpan RequestRepeat { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The longest time between two repeats: some twenty tries within the 20 s that the IRMd waits.</summary>
    public TimeSpan RequestRepeatLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When a request that arrived is over without an answer of the IRMd; above the 2 s that it may take to start a program.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answered request is remembered, to recognise repeats (reference: OAP_REPLAY_TIMER 20 s).</summary>
    public TimeSpan AnswerMemory { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Requests that one source may make at once, and what it regains each second.</summary>
    public int RequestBurst { get; init; } = 512;

    /// <summary>Requests per second that one source regains.</summary>
    public int RequestRate { get; init; } = 256;

    /// <summary>Requests that arrived and have no answer yet, from everybody together; one source gets half.</summary>
    public int MaxArrived { get; init; } = 1024;

    /// <summary>Names that the directory holds.</summary>
    public int MaxDirectory { get; init; } = 4096;

    /// <summary>Names that are looked for at once.</summary>
    public int MaxQueries { get; init; } = 1024;

    /// <summary>Replies that are held back at once.</summary>
    public int MaxHeldBack { get; init; } = 1024;

    /// <summary>Whether the offer is made; off, the layer behaves as the reference does towards everybody.</summary>
    public bool MakeOffer { get; init; } = true;

    /// <summary>Whether requests that cannot be served are refused at once instead of being left without an answer.</summary>
    public bool NegativeReplies { get; init; } = true;
}
