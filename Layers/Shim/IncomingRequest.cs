using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Shim;

/// <summary>A flow request that arrived, and after the answer what is needed to recognise and serve its repeats.</summary>
internal sealed class IncomingRequest
{
    /// <summary>Our number for it.</summary>
    public required long Number { get; init; }

    /// <summary>Who asks.</summary>
    public required RequestKey Key { get; init; }

    /// <summary>The name asked for.</summary>
    public required NameHash Hash { get; init; }

    /// <summary>What is asked for.</summary>
    public required QosSpec Qos { get; init; }

    /// <summary>Whether who asks is one of ours.</summary>
    public required bool IsOurs { get; init; }

    /// <summary>When it arrived.</summary>
    public required TimeSpan ArrivedAt { get; init; }

    /// <summary>When it is forgotten.</summary>
    public required TimeSpan ExpiresAt { get; set; }

    /// <summary>The reply that was sent; null while there is none.</summary>
    public byte[]? Reply { get; set; }

    /// <summary>Whether it has been answered, with or without a reply on the wire.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Our endpoint id of the flow that it became; 0 for none.</summary>
    public uint Eid { get; set; }

    /// <summary>Who it was that asked.</summary>
    public LinkAddress Source => Key.Source;
}
