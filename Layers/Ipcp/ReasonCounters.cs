using System.Runtime.CompilerServices;

namespace Ouroboros.Layers.Ipcp;

/// <summary>Counts what was dropped or failed, by reason. Written by any thread, read by any thread.</summary>
/// <typeparam name="TReason">An enumeration from 0 on without gaps, of the default size.</typeparam>
public abstract class ReasonCounters<TReason>
    where TReason : struct, Enum
{
    private readonly long[] _counts = new long[Enum.GetValues<TReason>().Length];

    /// <summary>How often for a reason.</summary>
    public long this[TReason reason] => Volatile.Read(ref _counts[Index(reason)]);

    /// <summary>How often for any reason.</summary>
    public long Total => _counts.Sum();

    /// <summary>Counts one more.</summary>
    public void Note(TReason reason) => Interlocked.Increment(ref _counts[Index(reason)]);

    private static int Index(TReason reason) => Unsafe.BitCast<TReason, int>(reason);
}
