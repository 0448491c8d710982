using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>What became of enrolments, for inspection; those that failed by reason.</summary>
public sealed class EnrolmentCounters : ReasonCounters<EnrolmentFailure>
{
    private long _completed;

    /// <summary>Others that this member enrolled and that said so.</summary>
    public long Completed => Volatile.Read(ref _completed);

    internal void NoteCompleted() => Interlocked.Increment(ref _completed);
}
