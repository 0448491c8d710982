namespace Ouroboros.Tests.Simulation.Routing;

/// <summary>Random connected graphs.</summary>
internal static class Topologies
{
    /// <summary>A random tree and as many more links between members 0 to <paramref name="members"/> - 1.</summary>
    public static List<(int A, int B)> Connected(int members, int more, Random random)
    {
        var links = new HashSet<(int, int)>();
        for (var n = 1; n < members; n++) links.Add((random.Next(n), n));
        var most = (long)members * (members - 1) / 2;
        while (more-- > 0 && links.Count < most)
        {
            while (true)
            {
                var (a, b) = (random.Next(members), random.Next(members));
                if (a != b && links.Add((Math.Min(a, b), Math.Max(a, b)))) break;
            }
        }
        return [.. links];
    }

    /// <summary>Hops from one member to all; -1 for those that cannot be reached.</summary>
    public static int[] Distances(int members, IReadOnlyList<List<int>> neighbours, int from)
    {
        var distances = new int[members];
        Array.Fill(distances, -1);
        distances[from] = 0;
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out var at))
        {
            foreach (var next in neighbours[at])
            {
                if (distances[next] >= 0) continue;
                distances[next] = distances[at] + 1;
                queue.Enqueue(next);
            }
        }
        return distances;
    }
}
