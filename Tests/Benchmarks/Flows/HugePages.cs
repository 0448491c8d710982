using System.Globalization;
using System.Runtime.InteropServices;

namespace Ouroboros.Tests.Benchmarks.Flows;

/// <summary>Asks Linux (6.1 or newer) to put the memory of this process into pages of 2 MiB at once, as it does by itself in time where <c>transparent_hugepage/enabled</c> is <c>always</c>.</summary>
internal static partial class HugePages
{
    private const ulong Size = 2 << 20;
    private const int Collapse = 25;

    /// <summary>Mebibytes that are in large pages now; not those of memory that is shared or hardly used.</summary>
    public static long Use()
    {
        long pages = 0;
        foreach (var line in File.ReadAllLines("/proc/self/maps"))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // Memory without a file that can be written to: the managed heap and what else is allocated.
            if (parts.Length > 5 || !parts[1].StartsWith("rw", StringComparison.Ordinal)) continue;
            var range = parts[0].Split('-');
            var from = (Parse(range[0]) + Size - 1) & ~(Size - 1);
            for (; from + Size <= Parse(range[1]); from += Size)
            {
                if (Advise((nint)from, (nuint)Size, Collapse) == 0) pages++;
            }
        }
        return pages * (long)(Size >> 20);
    }

    private static ulong Parse(string address) => ulong.Parse(address, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
