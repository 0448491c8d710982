using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>Hints to the processor to fetch memory that is needed soon. Where it takes none, nothing happens.</summary>
internal static class CacheLines
{
    private const int Line = 64;

    /// <summary>The first bytes of an object.</summary>
    public static unsafe void Fetch(object of, int bytes)
    {
        // The collector may move it meanwhile: then something else is fetched, which hurts nobody.
        if (Sse.IsSupported) Fetch((byte*)Unsafe.As<object, nint>(ref of), bytes);
    }

    /// <summary>From a place on.</summary>
    public static unsafe void Fetch<T>(ref T from, int bytes)
    {
        if (Sse.IsSupported) Fetch((byte*)Unsafe.AsPointer(ref from), bytes);
    }

    private static unsafe void Fetch(byte* from, int bytes)
    {
        for (var at = 0; at < bytes; at += Line) Sse.Prefetch0(from + at);
    }
}
