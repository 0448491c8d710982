using System.Runtime.InteropServices;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A time in lines of the cache of its own: one thread writes it, others wait for it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * Line)]
internal struct PaddedTime
{
    private const int Line = 64;

    /// <summary>Milliseconds.</summary>
    [FieldOffset(Line)]
    public long Value;
}
