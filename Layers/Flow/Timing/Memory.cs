using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ouroboros.Layers.Flow.Timing;

/// <summary>Hints to the processor.</summary>
internal static class Memory
{
    private const int Line = 64;

    /// <summary>
    /// Begins to fetch the first two cache lines of an object that will be needed soon. Of a million objects none is in a cache, and waiting for one after the
    /// other is most of what a pass over them costs. A collection may move the object meanwhile: then another line is fetched, in vain and without harm.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(object soon)
    {
        if (!Sse.IsSupported) return;
        var address = *(byte**)Unsafe.AsPointer(ref soon);
        Sse.Prefetch0(address);
        Sse.Prefetch0(address + Line);
    }
}
