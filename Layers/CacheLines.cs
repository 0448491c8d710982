using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Ouroboros.Layers;

/// <summary>
/// Hints to the processor to fetch memory that is needed soon. Of a million objects none is in a cache, and waiting for one after the other is most of what a
/// pass over them costs. A collection may move an object meanwhile: then something else is fetched, in vain and without harm. Where the processor
/// takes no hints, nothing happens.
/// </summary>
public static class CacheLines
{
    private const int Line = 64;

    // What an array has before its elements.
    private const int ArrayHead = 16;

    /// <summary>Begins to fetch the first bytes of an object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch(object of, int bytes)
    {
        if (Sse.IsSupported) Fetch(*(byte**)Unsafe.AsPointer(ref of), bytes);
    }

    /// <summary>Begins to fetch elements of an array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ref T first, int count)
    {
        if (Sse.IsSupported) Fetch((byte*)Unsafe.AsPointer(ref first), count * Unsafe.SizeOf<T>());
    }

    /// <summary>Begins to fetch elements of an array, which itself is not looked at: that it is there is known, perhaps, but its length has not been fetched yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(T[] of, int first, int count) => Fetch(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of), first), count);

    /// <summary>Begins to fetch an array from its length to its first elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchHead<T>(T[] of, int count) => Fetch(of, ArrayHead + (count * Unsafe.SizeOf<T>()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Fetch(byte* from, int bytes)
    {
        for (var at = 0; at < bytes; at += Line) Sse.Prefetch0(from + at);
        // Objects begin anywhere in a line.
        Sse.Prefetch0(from + bytes - 1);
    }
}
