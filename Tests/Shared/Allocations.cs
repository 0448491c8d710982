namespace Ouroboros.Tests;

/// <summary>What a piece of code allocates on the managed heap, as a test may assert it.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// The least that one of five rounds allocates, bytes, in the calling thread. What the code itself allocates, each round allocates. What the runtime adds in the thread
    /// for itself, when it compiles a loop anew in the middle for instance, it adds once.
    /// </summary>
    public static long Of(Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds && least != 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
