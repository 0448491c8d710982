using System.Runtime.CompilerServices;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>Members that wait to be looked at, the nearest first: a queue for each distance. While it is emptied nothing nearer may be put in.</summary>
internal sealed class LevelQueue
{
    private readonly List<List<int>> _levels = [];
    private int _lowest = int.MaxValue;
    private int _count;

    /// <summary>Puts a member in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(int level, int vertex)
    {
        while (_levels.Count <= level) _levels.Add([]);
        _levels[level].Add(vertex);
        _lowest = Math.Min(_lowest, level);
        _count++;
    }

    /// <summary>Takes one of the nearest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryDequeue(out int level, out int vertex)
    {
        if (_count == 0)
        {
            (level, vertex) = (0, 0);
            _lowest = int.MaxValue;
            return false;
        }
        while (_levels[_lowest].Count == 0) _lowest++;
        var waiting = _levels[_lowest];
        level = _lowest;
        vertex = waiting[^1];
        waiting.RemoveAt(waiting.Count - 1);
        _count--;
        return true;
    }
}
