using System.Globalization;

namespace Ouroboros.Tests.Benchmarks;

/// <summary>
/// Processor time of this process by thread, from Linux: what a packet costs, whatever else the machine does. What the kernel does for a veth link, it
/// does in the thread that sends.
/// </summary>
internal sealed class ThreadTimes
{
    private readonly Dictionary<string, (string Name, long Nanoseconds)> _times = [];

    private ThreadTimes()
    {
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                var name = File.ReadAllText(Path.Combine(thread, "comm")).Trim();
                var time = File.ReadAllText(Path.Combine(thread, "schedstat"));
                _times[thread] = (name, long.Parse(time.AsSpan(0, time.IndexOf(' ')), NumberStyles.None, CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It has ended in between.
            }
        }
    }

    /// <summary>Now.</summary>
    public static ThreadTimes Take() => new();

    /// <summary>Nanoseconds of processor time since then, in all threads that are still there.</summary>
    public long Since(ThreadTimes before) => Differences(before).Sum(d => d.Nanoseconds);

    /// <summary>As <see cref="Since"/>, by the names of the threads, divided; most first.</summary>
    public string Describe(ThreadTimes before, double divisor) => string.Join(", ", Differences(before)
        .GroupBy(d => d.Name).Select(g => (g.Key, Share: g.Sum(d => d.Nanoseconds) / divisor))
        .Where(g => g.Share >= 1).OrderByDescending(g => g.Share).Select(g => $"{g.Key} {g.Share:N0}"));

    private IEnumerable<(string Name, long Nanoseconds)> Differences(ThreadTimes before) =>
        _times.Select(t => (t.Value.Name, t.Value.Nanoseconds - (before._times.TryGetValue(t.Key, out var was) ? was.Nanoseconds : 0)));
}
