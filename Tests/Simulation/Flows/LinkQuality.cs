namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>What a link does to packets; probabilities from 0 to 1, times in nanoseconds.</summary>
internal sealed record LinkQuality
{
    public double Loss { get; init; }

    public double Duplication { get; init; }

    public double Corruption { get; init; }

    /// <summary>Share of packets that take longer by up to ten times <see cref="Jitter"/>.</summary>
    public double Reordering { get; init; }

    public long Delay { get; init; } = 1_000_000;

    public long Jitter { get; init; }

    /// <summary>Time for one packet; 0 = unlimited. What does not fit into <see cref="Queue"/> is lost.</summary>
    public long Serialization { get; init; }

    public int Queue { get; init; } = 100;

    public int MaxPacketSize { get; init; } = 1400;

    public override string ToString() =>
        $"loss {Loss:P0}, dup {Duplication:P0}, corrupt {Corruption:P0}, reorder {Reordering:P0}, delay {Delay / 1e6:F2} ms, jitter {Jitter / 1e6:F2} ms, per packet {Serialization / 1e3:F1} us";
}
