using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Flow.Timing;
using Serilog;

namespace Ouroboros.Runtime.Memory;

/// <summary>
/// Keeps the memory of this process in large pages, 2 MiB on most processors (<c>ouroboros.large-pages</c>): with a million flows a process spends much of its
/// time on the way to pages of 4 KiB. Every so often what has come to be used meanwhile is moved there, memory without a file only, by a thread of its own
/// that works for a second at most. Linux 6.1 or newer (<c>MADV_COLLAPSE</c>), whatever <c>/sys/kernel/mm/transparent_hugepage/enabled</c> says.
/// </summary>
public sealed partial class LargePages : IDisposable
{
    /// <summary>Larger ones (512 MiB on some processors) would each hold more than a node has.</summary>
    private const long Largest = 64 << 20;

    private const int Collapse = 25;
    private const int Private = 2;
    private const int Anonymous = 0x20;
    private const int ReadAndWrite = 3;
    private const int Invalid = 22;

    private static readonly TimeSpan s_work = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    // Two runtimes of one process have one memory.
    private static readonly Lock s_one = new();

    private readonly ILogger _log = Log.ForContext<LargePages>();
    private readonly long _size;
    private readonly ThreadTimer _timer;
    private TimeSpan _pause = s_shortest;

    private LargePages(long size)
    {
        _size = size;
        _timer = new ThreadTimer(Turn, "ouroboros-large-pages");
    }

    /// <summary>Looks whether the system has large pages for this process.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotSupported"/>: it has none; says why and what to do.</exception>
    public static LargePages Open()
    {
        var pages = new LargePages(SizeOfSystem());
        pages.Try();
        return pages;
    }

    /// <summary>Bytes of this process that are in large pages.</summary>
    public static long InUse => 1024 * File.ReadLines("/proc/self/smaps_rollup")
        .Where(line => line.StartsWith("AnonHugePages:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));

    /// <summary>Begins to move what is used, from time to time until this is disposed.</summary>
    public void Run() => _timer.Change(s_shortest, Timeout.InfiniteTimeSpan);

    /// <summary>Moves what is used to large pages, now.</summary>
    /// <param name="most">How long it may take; <see cref="Timeout.InfiniteTimeSpan"/> = until it is done.</param>
    public void Move(TimeSpan most)
    {
        var start = Stopwatch.GetTimestamp();
        var resident = new byte[_size / Environment.SystemPageSize];
        lock (s_one)
        {
            foreach (var (from, to) in Memory())
            {
                for (var at = (from + _size - 1) / _size * _size; at + _size <= to; at += _size)
                {
                    if (most != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(start) > most) return;
                    // What is hardly used would take what it does not need. What is there already costs a look.
                    if (mincore((nint)at, (nuint)_size, resident) == 0 && resident.Count(page => (page & 1) != 0) >= resident.Length / 2)
                        _ = madvise((nint)at, (nuint)_size, Collapse);
                }
            }
        }
    }

    /// <summary>Moves nothing any more, but for a turn that is under way. What is in large pages stays there.</summary>
    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        try
        {
            var before = InUse;
            Move(s_work);
            var now = InUse;
            if (now - before >= _size)
            {
                _log.Debug("{Size} MiB are in large pages", now >> 20);
                _pause = s_shortest;
            }
            else
            {
                // A node that does not grow is looked at seldom.
                _pause = _pause * 2 < s_longest ? _pause * 2 : s_longest;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            _log.Warning("Memory cannot be moved to large pages: {Reason:l}", e.Message);
            _pause = s_longest;
        }
        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Moves some memory of its own, so that a kernel that does not do it is found at the start.</summary>
    private void Try()
    {
        var length = 2 * _size;
        var memory = mmap(0, (nuint)length, ReadAndWrite, Private | Anonymous, -1, 0);
        if (memory == -1) throw Refused(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        try
        {
            var at = (memory + (nint)_size - 1) / (nint)_size * (nint)_size;
            Marshal.WriteByte(at, 1);
            if (madvise(at, (nuint)_size, Collapse) == 0) return;
            var error = Marshal.GetLastPInvokeError();
            var reason = new Win32Exception(error).Message;
            if (error == Invalid) throw Refused("the system does not move memory there for this process; it takes Linux 6.1 or newer, and nobody may have forbidden it (prctl PR_SET_THP_DISABLE)");
            // None is free now; there may be later.
            _log.Warning("ouroboros.large-pages: the system has none to give now: {Reason:l}", reason);
        }
        finally
        {
            _ = munmap(memory, (nuint)length);
        }
    }

    private static long SizeOfSystem()
    {
        const string File = "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size";
        if (!OperatingSystem.IsLinux()) throw Refused("they are there on Linux only");
        try
        {
            var size = long.Parse(System.IO.File.ReadAllText(File), CultureInfo.InvariantCulture);
            return size is > 0 and <= Largest ? size : throw Refused($"those of this system have {size >> 20} MiB, more than a node can fill");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw Refused($"this kernel is built without them ({e.Message})");
        }
    }

    private static FlowException Refused(string reason) =>
        new(FlowError.NotSupported, $"ouroboros.large-pages: no large pages here: {reason}; set it to false");

    /// <summary>Memory without a file that can be written to: the managed heap and what else is allocated.</summary>
    private static IEnumerable<(long From, long To)> Memory()
    {
        // Read as a whole: the list changes while it is read.
        foreach (var line in File.ReadAllLines("/proc/self/maps"))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 5 || !parts[1].StartsWith("rw-p", StringComparison.Ordinal)) continue;
            var range = parts[0].Split('-');
            yield return (Parse(range[0]), Parse(range[1]));
        }
    }

    private static long Parse(string address) => long.Parse(address, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int madvise(nint address, nuint length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mincore(nint address, nuint length, [Out] byte[] resident);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nuint length);
}
