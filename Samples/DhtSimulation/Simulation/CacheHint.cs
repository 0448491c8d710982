using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A hint to the processor to fetch memory that is needed soon.</summary>
internal static class CacheHint
{
    public static unsafe void Fetch<T>(ref T place)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref place));
    }
}
