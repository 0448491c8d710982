using System.Runtime.CompilerServices;

namespace Ouroboros.Pool;

/// <summary>
/// Mutual exclusion for a handful of instructions: one compare-and-swap to enter, one plain store to leave. Not re-entrant.
/// </summary>
internal static class SpinGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(ref int gate)
    {
        if (Interlocked.CompareExchange(ref gate, 1, 0) != 0) EnterSlow(ref gate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryEnter(ref int gate) => Interlocked.CompareExchange(ref gate, 1, 0) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exit(ref int gate) => Volatile.Write(ref gate, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EnterSlow(ref int gate)
    {
        var spin = new SpinWait();
        do
        {
            // The holder may have lost its processor: give ours away, but never sleep a millisecond for nanoseconds of work.
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Volatile.Read(ref gate) != 0 || Interlocked.CompareExchange(ref gate, 1, 0) != 0);
    }
}
