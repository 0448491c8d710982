namespace Ouroboros.Layers.Devices;

/// <summary>What a link can do now.</summary>
public enum LinkState
{
    /// <summary>Carries frames: administratively up and with carrier.</summary>
    Up,

    /// <summary>There, but carries nothing: set down, or without carrier.</summary>
    Down,

    /// <summary>The interface has been removed; the device waits for it to come back.</summary>
    Gone,

    /// <summary>The device has been closed; final.</summary>
    Closed,
}
