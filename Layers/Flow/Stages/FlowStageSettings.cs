using Ouroboros.Crypto.Cipher;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Timing;

namespace Ouroboros.Layers.Flow.Stages;

/// <summary>What the stages of a flow are made of, once it is allocated.</summary>
internal sealed record FlowStageSettings
{
    /// <summary>The timers of the runtime.</summary>
    public required TimerWheel Timers { get; init; }

    /// <summary>Maximum packet lifetime below.</summary>
    public TimeSpan Mpl { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The cipher of the flow; null = not encrypted.</summary>
    public IPacketCipher? Cipher { get; init; }

    /// <summary>What to offer to the peer beyond the reference.</summary>
    public FrcpFeatures Offer { get; init; } = FrcpFeatures.All;

    /// <summary>Source of random numbers; the system's when null.</summary>
    public Random? Random { get; init; }
}
