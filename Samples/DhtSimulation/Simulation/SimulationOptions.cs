using Ouroboros.Layers.Unicast.Directory.Dht;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>What to simulate. The same options give the same run, message for message.</summary>
public sealed record SimulationOptions
{
    /// <summary>Nodes.</summary>
    public int Nodes { get; init; } = 1000;

    /// <summary>Share of the nodes that are replaced by new ones in a minute, all through the look-ups.</summary>
    public double ChurnPerMinute { get; init; }

    /// <summary>Share of all messages that are lost.</summary>
    public double Loss { get; init; }

    /// <summary>Look-ups to measure.</summary>
    public int Lookups { get; init; } = 5000;

    /// <summary>Names that each node registers.</summary>
    public int NamesPerNode { get; init; } = 1;

    /// <summary>Virtual time between the last join and the first look-up.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Virtual time over which the look-ups are spread.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Age at which a node takes part in what is measured, as one who asks and with its names.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least one-way latency; up to 70 ms are added for the distance between two nodes, up to 5 ms at random.</summary>
    public TimeSpan LeastLatency { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Milliseconds in which nothing arrives that was sent in them.</summary>
    public int Window => (int)LeastLatency.TotalMilliseconds + 1;

    /// <summary>Parts of the network that run at the same time, each in a thread of its own. The run depends on their number, not on the machine.</summary>
    public int Partitions { get; init; } = 2;

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Parameters of the directory.</summary>
    public DhtOptions Dht { get; init; } = new();
}
