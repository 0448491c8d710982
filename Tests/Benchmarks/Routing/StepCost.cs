using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Ouroboros.Tests.Benchmarks.Routing;

/// <summary>What one step of a calculation took, and what of that was not its own: collections, compilation, page faults, turns of other processes.</summary>
/// <param name="Wall">Milliseconds from beginning to end.</param>
/// <param name="Collections">Milliseconds of these in which collections had stopped the process.</param>
/// <param name="Compilation">Milliseconds of these in which the runtime compiled methods in this thread.</param>
/// <param name="Processor">Milliseconds of processor time of this thread, a collection that it made included.</param>
/// <param name="Faults">Page faults of this thread.</param>
/// <param name="Preemptions">How often the system gave the processor to somebody else.</param>
/// <param name="Bytes">What it allocated.</param>
internal readonly partial record struct StepCost(double Wall, double Collections, double Compilation, double Processor, long Faults, long Preemptions, long Bytes)
{
    private const int RusageThread = 1;
    private const int ThreadClock = 3;

    /// <summary>Members that the calculation looked at, when it was one.</summary>
    public int Looked { get; init; }

    /// <summary>Nothing was collected or compiled in it: its processor time is the step's own, with the kernel's for page faults and what a hypervisor took away.</summary>
    public bool IsOwn => Collections == 0 && Compilation == 0;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Wall:F3} ms (collections {Collections:F3}, compilation {Compilation:F3}, processor time {Processor:F3}; {Faults} page faults, {Preemptions} preemptions)");

    /// <summary>Does the step and says what it took.</summary>
    public static StepCost Of(Action step)
    {
        Usage before = default, after = default;
        getrusage(RusageThread, ref before);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var pauses = GC.GetTotalPauseDuration();
        var compilation = JitInfo.GetCompilationTime(currentThread: true);
        var processor = ThreadTime();
        var start = Stopwatch.GetTimestamp();
        step();
        var wall = Stopwatch.GetElapsedTime(start);
        processor = ThreadTime() - processor;
        compilation = JitInfo.GetCompilationTime(currentThread: true) - compilation;
        pauses = GC.GetTotalPauseDuration() - pauses;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        getrusage(RusageThread, ref after);
        return new StepCost(
            wall.TotalMilliseconds,
            pauses.TotalMilliseconds,
            compilation.TotalMilliseconds,
            processor / 1e6,
            after.MinorFaults + after.MajorFaults - before.MinorFaults - before.MajorFaults,
            after.Involuntary - before.Involuntary,
            bytes);
    }

    private static long ThreadTime()
    {
        clock_gettime(ThreadClock, out var time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int clock_gettime(int clock, out Time time);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int getrusage(int who, ref Usage usage);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>struct rusage of Linux with 64-bit words.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct Usage
    {
        [FieldOffset(64)]
        public long MinorFaults;
        [FieldOffset(72)]
        public long MajorFaults;
        [FieldOffset(136)]
        public long Involuntary;
    }
}
