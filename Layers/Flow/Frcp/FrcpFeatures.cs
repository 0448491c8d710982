namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>What goes beyond the reference; used only where both ends offer it.</summary>
[Flags]
public enum FrcpFeatures : byte
{
    /// <summary>As the reference.</summary>
    None = 0,

    /// <summary>Messages larger than a packet are cut into parts and put together again.</summary>
    Segmentation = 1,

    /// <summary>Acknowledgements say which packets beyond the first gap have arrived.</summary>
    SelectiveAck = 2,

    /// <summary>Packets are spread over the round trip, and the sender asks for the acknowledgements that it steers by.</summary>
    Pacing = 4,

    /// <summary>Everything.</summary>
    All = Segmentation | SelectiveAck | Pacing,
}
