using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Shim;

/// <summary>The way down from an endpoint into a shim layer.</summary>
/// <param name="port">The layer's.</param>
/// <param name="flow">Whose packets it sends.</param>
/// <param name="limitToPath">Whether packets that would be fragmented are refused.</param>
internal sealed class ShimSink(ShimPort port, ShimFlow flow, bool limitToPath) : IPacketSink
{
    /// <inheritdoc/>
    public int MaxPacketSize => limitToPath ? PathPacketSize : port.MaxPayload;

    /// <inheritdoc/>
    public int PathPacketSize => Math.Min(port.MaxPayload, flow.PathPayload);

    /// <inheritdoc/>
    public int QueueLength => port.QueueLength;

    /// <inheritdoc/>
    public FlowError Send(Packet packet) => port.Send(packet, flow);

    /// <inheritdoc/>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => port.WaitWritableAsync(timeout, cancellationToken);

    /// <inheritdoc/>
    public void WakeWriters() => port.WakeWriters();

    /// <inheritdoc/>
    public void LinkChanged(bool up)
    {
        // There is no message for it in shim layers.
    }

    /// <inheritdoc/>
    public void AccessChanged(bool writable)
    {
        // There is no message for it in shim layers; the endpoint refuses what arrives.
    }

    /// <inheritdoc/>
    public void Close()
    {
        // The flow goes on for its linger time and ends with DeallocateFlow, which the IRMd sends.
    }
}
