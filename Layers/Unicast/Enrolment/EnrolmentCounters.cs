namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>What became of enrolments, for inspection. Written by one actor at a time, read by any thread.</summary>
public sealed class EnrolmentCounters
{
    private readonly long[] _failed = new long[Enum.GetValues<EnrolmentFailure>().Length];
    private long _completed;

    /// <summary>Others that this member enrolled and that said so.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Enrolments that failed for a reason.</summary>
    public long this[EnrolmentFailure reason] => Volatile.Read(ref _failed[(int)reason]);

    internal void Note(EnrolmentFailure reason) => Interlocked.Increment(ref _failed[(int)reason]);

    internal void NoteCompleted() => Interlocked.Increment(ref _completed);
}
