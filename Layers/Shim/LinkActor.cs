using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// The I/O actor of a shim IPCP: opens the device, and with it the threads that receive and send. Packets do not pass through it. When the
/// device fails or this actor is killed, the device is closed and opened again, and flows go on. The device itself is held by the port, which
/// outlives this actor: the last words of a layer that ends still have to leave.
/// </summary>
internal sealed class LinkActor : UntypedActor
{
    private static readonly TimeSpan OpenAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ShimPort _port;
    private readonly ShimSetup _setup;
    private readonly FirstDevice _first;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ILinkDevice? _device;
    private ICancelable? _timer;

    private LinkActor(ShimPort port, ShimSetup setup, FirstDevice first)
    {
        _port = port;
        _setup = setup;
        _first = first;
    }

    /// <summary>How to make it.</summary>
    /// <param name="port">Where the device goes.</param>
    /// <param name="setup">How to open another.</param>
    /// <param name="first">The device that was opened at bootstrap, owned from now on; null: it opens one itself.</param>
    public static Props Props(ShimPort port, ShimSetup setup, ILinkDevice? first)
    {
        var box = new FirstDevice(first);
        return ActorFactory.Props(() => new LinkActor(port, setup, box));
    }

    /// <inheritdoc/>
    protected override void PreStart() => Open(_first.Take());

    /// <inheritdoc/>
    protected override void PostStop() => _timer?.Cancel();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ShimProtocol.LinkFailed m when m.Device == _device && _device is not null:
                // The supervisor starts another, with another device.
                throw new InvalidOperationException($"the device {_device.Name} failed: {m.Reason.Message}", m.Reason);
            case ShimProtocol.LinkFailed:
                break;
            case ShimProtocol.OpenAgain when _device is null:
                Open(null);
                break;
            case ShimProtocol.OpenAgain:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Open(ILinkDevice? device)
    {
        _port.CloseDevice();
        try
        {
            _device = device ?? _setup.Open(false);
        }
        catch (FlowException e)
        {
            Context.Parent.Tell(new ShimProtocol.LinkDetached(e.Message), Self);
            _log.Warning("the device of layer {0} cannot be opened, next try in {1} s: {2}", _setup.Layer.Name, OpenAgainAfter.TotalSeconds, e.Message);
            _timer = Context.System.Scheduler.ScheduleTellOnceCancelable(OpenAgainAfter, Self, ShimProtocol.OpenAgain.Instance, Self);
            return;
        }
        if (_port.Attach(_device, Self)) Context.Parent.Tell(new ShimProtocol.LinkAttached(_device), Self);
    }

    /// <summary>A device that is opened before the actor exists, so that its failure is the answer to the bootstrap.</summary>
    private sealed class FirstDevice(ILinkDevice? device)
    {
        private ILinkDevice? _device = device;

        public ILinkDevice? Take() => Interlocked.Exchange(ref _device, null);
    }
}
