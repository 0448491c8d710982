namespace Ouroboros.Layers.Devices;

/// <summary>Why a device dropped a frame.</summary>
public enum LinkDrop
{
    /// <summary>Sent while the link was down or gone, or the device closed.</summary>
    LinkDown,

    /// <summary>Larger than the link carries.</summary>
    TooLong,

    /// <summary>Too short to have a link header.</summary>
    TooShort,

    /// <summary>The system refused to send it.</summary>
    SendFailed,

    /// <summary>Received into a buffer that was too small: the frame is larger than the MTU.</summary>
    Truncated,

    /// <summary>Arrived while no packet memory was free.</summary>
    NoMemory,

    /// <summary>Dropped by the system before it reached us, because its queue was full.</summary>
    SystemQueueFull,

    /// <summary>Dropped, or a copy dropped, by a fault injector or a virtual link, on purpose.</summary>
    Injected,
}
