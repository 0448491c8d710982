namespace Ouroboros.Samples.Oping;

/// <summary>When the client sends the next ping.</summary>
public enum ClientMode
{
    /// <summary>At its time, whether or not the last one came back.</summary>
    Normal,

    /// <summary>As soon as the last one came back.</summary>
    Flood,

    /// <summary>The same, with the processor kept busy instead of sleeping until it comes.</summary>
    FloodBusy,
}
