using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>A device around another; what it does not override goes through unchanged, in both directions.</summary>
/// <param name="inner">The device inside; owned.</param>
public abstract class DeviceDecorator(ILinkDevice inner) : ILinkDevice, ILinkReceiver
{
    private ILinkReceiver? _receiver;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public LinkKind Kind => inner.Kind;

    /// <inheritdoc/>
    public LinkAddress Address => inner.Address;

    /// <inheritdoc/>
    public int Mtu => inner.Mtu;

    /// <inheritdoc/>
    public int PathMtu(LinkAddress peer) => inner.PathMtu(peer);

    /// <inheritdoc/>
    public LinkState State => inner.State;

    /// <inheritdoc/>
    public LinkCounters Counters => inner.Counters;

    /// <inheritdoc/>
    public int QueueLength => inner.QueueLength;

    /// <summary>The device inside.</summary>
    protected ILinkDevice Inner => inner;

    /// <inheritdoc/>
    public void Start(ILinkReceiver receiver)
    {
        _receiver = receiver;
        inner.Start(this);
    }

    /// <inheritdoc/>
    public virtual int Send(ReadOnlySpan<Packet> frames) => inner.Send(frames);

    /// <inheritdoc/>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => inner.WaitWritableAsync(timeout, cancellationToken);

    /// <inheritdoc/>
    public void WakeWriters() => inner.WakeWriters();

    /// <inheritdoc/>
    public virtual void OnReceive(ReadOnlySpan<Packet> frames) => Deliver(frames);

    /// <inheritdoc/>
    public virtual void OnLinkEvent(LinkEvent linkEvent) => _receiver?.OnLinkEvent(linkEvent);

    /// <inheritdoc/>
    public void OnFailed(Exception reason) => _receiver?.OnFailed(reason);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Hands frames to whoever is outside.</summary>
    protected void Deliver(ReadOnlySpan<Packet> frames) => _receiver!.OnReceive(frames);

    /// <summary>Disposes the device inside; nothing arrives or leaves any more when this has returned.</summary>
    protected virtual void Dispose(bool disposing) => inner.Dispose();
}
