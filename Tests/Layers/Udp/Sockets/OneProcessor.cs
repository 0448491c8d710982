using System.Runtime.InteropServices;

namespace Ouroboros.Tests.Layers.Udp.Sockets;

/// <summary>Keeps a thread, and the threads that it starts, on the processor that it is on.</summary>
internal static partial class OneProcessor
{
    private const int MaskBytes = 128;

    /// <summary>For the calling thread; for good.</summary>
    public static unsafe void Pin()
    {
        var processor = GetProcessor();
        var mask = stackalloc byte[MaskBytes];
        mask[processor / 8] = (byte)(1 << (processor % 8));
        Assert.That(SetAffinity(0, MaskBytes, mask), Is.Zero, "sched_setaffinity");
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    private static partial int GetProcessor();

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static unsafe partial int SetAffinity(int thread, nint length, byte* mask);
}
