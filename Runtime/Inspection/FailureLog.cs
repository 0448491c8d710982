using System.Collections.Concurrent;

namespace Ouroboros.Runtime.Inspection;

/// <summary>What actors failed with, by path, for engines that do not keep it themselves. Bounded: the oldest paths are forgotten.</summary>
internal sealed class FailureLog
{
    private const int MaxPaths = 10_000;

    private readonly ConcurrentDictionary<string, (int Count, string Last)> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public void Note(string path, string failure)
    {
        if (_failures.AddOrUpdate(path, _ => (1, failure), (_, old) => (old.Count + 1, failure)).Count == 1) _order.Enqueue(path);
        while (_order.Count > MaxPaths && _order.TryDequeue(out var oldest)) _failures.TryRemove(oldest, out _);
    }

    public (int Count, string? Last) Find(string path) => _failures.TryGetValue(path, out var failure) ? failure : (0, null);
}
