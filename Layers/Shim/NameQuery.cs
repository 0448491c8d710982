using Ouroboros.Crypto.Hashing;

namespace Ouroboros.Layers.Shim;

/// <summary>A name that is being looked for, and who waits for it.</summary>
internal sealed class NameQuery
{
    /// <summary>Waiters of one query; more are answered "no" at once.</summary>
    public const int MaxWaiters = 4096;

    /// <summary>The name.</summary>
    public required NameHash Hash { get; init; }

    /// <summary>When it is over.</summary>
    public required TimeSpan EndsAt { get; set; }

    /// <summary>When the query is sent again.</summary>
    public required TimeSpan RepeatAt { get; set; }

    /// <summary>How long after that it is sent again.</summary>
    public required TimeSpan RepeatAfter { get; set; }

    /// <summary>Who waits, and until when; in order of time.</summary>
    public Queue<(object Token, TimeSpan AnswerAt)> Waiters { get; } = new();
}
