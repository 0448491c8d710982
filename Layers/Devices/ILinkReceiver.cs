using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>Whom a device hands what arrives. All calls of one device come from one thread at a time, its receive thread.</summary>
public interface ILinkReceiver
{
    /// <summary>Frames arrived; ownership of all of them moves to the receiver. Must not throw, block or allocate.</summary>
    void OnReceive(ReadOnlySpan<Packet> frames);

    /// <summary>The link changed; see also <see cref="ILinkDevice.State"/>. May come from another thread than frames. Must not throw or block.</summary>
    void OnLinkEvent(LinkEvent linkEvent);

    /// <summary>The device cannot go on; it is of no use any more and is to be disposed and opened again.</summary>
    void OnFailed(Exception reason);
}
