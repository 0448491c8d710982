namespace Ouroboros.Layers.Devices;

/// <summary>What a <see cref="FaultInjector"/> does, each with a probability of 0 to 1 a frame.</summary>
public sealed record FaultOptions
{
    /// <summary>The frame is lost.</summary>
    public double Loss { get; init; }

    /// <summary>A second copy follows.</summary>
    public double Duplicate { get; init; }

    /// <summary>The frame is held back until the next one has passed.</summary>
    public double Reorder { get; init; }

    /// <summary>A bit behind the link's addresses is turned over.</summary>
    public double Corrupt { get; init; }

    /// <summary>How long each frame takes at least.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Up to how much longer it takes, evenly distributed; more than the distance of two frames puts them out of order.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Whether it does so to what is sent.</summary>
    public bool OnSend { get; init; } = true;

    /// <summary>Whether it does so to what is received.</summary>
    public bool OnReceive { get; init; } = true;

    /// <summary>Seed of its random source: the same frames meet the same faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether it does anything.</summary>
    public bool IsOn => Loss > 0 || Duplicate > 0 || Reorder > 0 || Corrupt > 0 || Delay > TimeSpan.Zero || Jitter > TimeSpan.Zero;
}
