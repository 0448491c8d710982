using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Pages of 2 MiB for the managed heap, as far as the system has them to give. Messages go to nodes at random places of gigabytes: with pages of 4 KiB most reads also
/// wait for the tables of pages. Of use only to memory that is made ready in one piece, as <see cref="QuietHeap"/> has it: a page of 4 KiB once given stays one.
/// </summary>
internal static partial class HugePages
{
    private const int MadvHugePage = 14;

    /// <summary>Asks for them; where the system has none (or is none of ours) nothing changes.</summary>
    public static void Use()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/maps")) return;
        var inHeap = AddressOf(new object());
        // The heap is one range of addresses, reserved at start: parts in use and parts not yet, side by side.
        ulong start = 0, end = 0;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var (from, to, anonymous) = Parse(line);
            if (from == end && anonymous) end = to;
            else if (inHeap >= start && inHeap < end) break;
            else (start, end) = (from, to);
        }
        if (inHeap >= start && inHeap < end) _ = Advise((nint)start, (nuint)(end - start), MadvHugePage);
    }

    private static (ulong From, ulong To, bool Anonymous) Parse(string line)
    {
        // start-end rwxp offset major:minor inode [path]
        var fields = line.Split(' ', 6);
        var range = fields[0].Split('-');
        return (ulong.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            fields[4] == "0");
    }

    private static unsafe ulong AddressOf(object o) => (ulong)Unsafe.As<object, nint>(ref o);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
