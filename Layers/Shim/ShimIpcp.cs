using Akka.Actor;
using Akka.Event;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// The actor of every shim IPCP: drives a <see cref="ShimCore"/> with messages of the IRMd, management messages of the link and a timer.
/// A kind of layer derives from it and says what it is made of (<see cref="SetUp"/>). Packets do not pass through it.
/// </summary>
public abstract class ShimIpcp : IpcpActor
{
    private const int ManagementBudget = 64;
    private const int MaxIoFailures = 5;
    private static readonly TimeSpan FailuresWithin = TimeSpan.FromMinutes(1);

    private readonly long _started;
    private readonly DeadlineTimer _timer;
    private readonly FailureWindow _ioEnds;
    private ShimSetup? _setup;
    private ShimCore? _core;
    private ShimPort? _port;
    private PathWatch? _paths;
    private bool _isUp;

    /// <summary>Made by its kind.</summary>
    protected ShimIpcp(IpcpContext context)
        : base(context)
    {
        _started = Ipcp.Time.GetTimestamp();
        _timer = new DeadlineTimer(Context.System.Scheduler, Self);
        _ioEnds = new FailureWindow(Ipcp.Time, MaxIoFailures, FailuresWithin);
    }

    /// <summary>The core, once bootstrapped. What it puts out is carried out after each message.</summary>
    protected ShimCore Core => _core ?? throw new InvalidOperationException("not bootstrapped");

    /// <summary>Time since this actor was made.</summary>
    protected TimeSpan Now => Ipcp.Time.GetElapsedTime(_started, Ipcp.Time.GetTimestamp());

    /// <summary>What the layer is made of.</summary>
    /// <exception cref="FlowException">The configuration is none of this kind, or wrong.</exception>
    protected abstract ShimSetup SetUp(IpcpConfig config);

    /// <summary>A name is wanted that the family has no messages to look for; to end in <see cref="ShimCore.Learn"/> or <see cref="ShimCore.NotFound"/>.</summary>
    protected virtual void OnResolveWanted(NameHash hash) => Core.NotFound(hash);

    /// <summary>Messages of a derived kind; unhandled unless overridden.</summary>
    protected virtual void OnShimMessage(object message) => Unhandled(message);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(MaxIoFailures, FailuresWithin, _ => Directive.Restart);

    /// <inheritdoc/>
    protected override LayerInfo OnBootstrap(IpcpConfig config)
    {
        var setup = SetUp(config);
        // After a restart what is missing now is waited for: the layer existed, and its names are to come back.
        var device = setup.Open(!HasRestarted);
        _setup = setup;
        _core = new ShimCore(setup.Codec, setup.Settings, new Random(Ipcp.Seed ^ Ipcp.Id ^ (int)Ipcp.Time.GetTimestamp()), setup.MaxFlows);
        _core.SetLink(device.Address, device.Mtu);
        _port = new ShimPort(_core, setup.Codec, Self, Ipcp.Time);
        _paths = setup.FollowsPaths ? new PathWatch(PathPayload) : null;
        _isUp = device.State == LinkState.Up;
        StartIo(device);
        if (!_isUp) Log.Warning("layer {0} is on {1}, which is {2}; it works when that is up", setup.Layer.Name, device.Name, device.State);
        return setup.Layer;
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        base.OnReceive(message);
        CarryOut();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _timer.Cancel();
        if (_core is not null)
        {
            var flows = Core.Flows.ToArray();
            Core.Shutdown(Now);
            while (Core.TryTakeTransmit(out var transmit)) Send(transmit);
            foreach (var flow in flows) flow.Endpoint.OnLayerFailed();
        }
        _port?.Dispose();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override FlowError OnRegister(NameHash hash)
    {
        Core.Register(hash);
        return FlowError.None;
    }

    /// <inheritdoc/>
    protected override FlowError OnUnregister(NameHash hash)
    {
        Core.Unregister(hash);
        return FlowError.None;
    }

    /// <inheritdoc/>
    protected override void OnQuery(IpcpProtocol.Query message) => Core.Query(message.Hash, Sender, Now);

    /// <inheritdoc/>
    protected override void OnAllocateFlow(IpcpProtocol.AllocateFlow message)
    {
        var error = Core.Allocate(message.FlowId, message.Endpoint, message.Hash, message.Qos, message.Data.Span, Sender, Now);
        if (error == FlowError.None) return;
        if (error == FlowError.MessageTooLong) Log.Warning("a flow request with {0} bytes of handshake does not fit into a frame of layer {1}", message.Data.Length, Layer!.Name);
        Reply(Sender, message.FlowId, error, default);
    }

    /// <inheritdoc/>
    protected override void OnRespondFlow(IpcpProtocol.RespondFlow message)
    {
        ShimFlow? flow = null;
        var error = _core is null
            ? FlowError.WrongIpcpState
            : Core.Respond(message.Request, message.Response, message.FlowId, message.Endpoint, message.Data.Span, message.Flow, Now, out flow);
        if (flow is not null) Connect(flow);
        if (message.Endpoint is not null && message.Response == FlowError.None) message.Flow.Tell(new IpcpProtocol.FlowResponded(message.FlowId, error), Self);
    }

    /// <inheritdoc/>
    protected override void OnDeallocateFlow(IpcpProtocol.DeallocateFlow message)
    {
        if (_core is null || !Core.Release(message.FlowId, message.Linger, Sender, Now)) Sender.Tell(new IpcpProtocol.FlowDeallocated(message.FlowId), Self);
    }

    /// <inheritdoc/>
    protected override void OnOther(object message)
    {
        switch (message)
        {
            case ShimProtocol.ManagementReady:
                ReceiveManagement();
                break;
            case DeadlineTimer.Passed:
                _timer.Disarm();
                _core?.Tick(Now);
                _paths?.Tick(_core!.Flows, Now);
                break;
            case ShimProtocol.LinkChanged m:
                OnLinkChanged(m.Event);
                break;
            case ShimProtocol.LinkAttached m:
                Core.SetLink(m.Device.Address, m.Device.Mtu);
                SetLinkUp(m.Device.State == LinkState.Up);
                break;
            case ShimProtocol.LinkDetached:
                SetLinkUp(false);
                break;
            case Terminated m:
                OnIoEnded(m.ActorRef);
                break;
            case ShimProtocol.GetStatus:
                Sender.Tell(Status(), Self);
                break;
            default:
                OnShimMessage(message);
                break;
        }
    }

    private void StartIo(ILinkDevice? device) => Context.Watch(Context.ActorOf(LinkActor.Props(_port!, _setup!, device), "io"));

    private void OnIoEnded(IActorRef io)
    {
        // Then it is more than the device that is broken; the IRMd decides.
        if (!_ioEnds.Note()) throw new InvalidOperationException($"the I/O actor {io.Path.Name} ended {MaxIoFailures} times within a minute");
        Log.Warning("the I/O actor of layer {0} ended; starting another", Layer?.Name);
        StartIo(null);
    }

    private void OnLinkChanged(LinkEvent change)
    {
        Log.Info("layer {0}: {1}", Layer?.Name, change.Description);
        Core.SetLink(change.Address, change.Mtu);
        SetLinkUp(change.State == LinkState.Up);
    }

    private void SetLinkUp(bool isUp)
    {
        if (isUp == _isUp) return;
        _isUp = isUp;
        if (isUp) Core.ForgetAddresses();
        foreach (var flow in Core.Flows)
        {
            if (flow.Route is not null) flow.Endpoint.OnLinkChanged(isUp);
        }
    }

    private void ReceiveManagement()
    {
        _port!.ExpectManagement();
        for (var i = 0; i < ManagementBudget; i++)
        {
            if (!_port.TryTakeManagement(out var message, out var source)) return;
            Core.Receive(message.Span, source, Now);
            message.Dispose();
        }
        Self.Tell(ShimProtocol.ManagementReady.Instance, ActorRefs.NoSender);
    }

    /// <summary>Carries out what the core has decided: events, messages, the next deadline.</summary>
    private void CarryOut()
    {
        if (_core is null) return;
        while (Core.TryTakeEvent(out var @event)) CarryOut(@event);
        while (Core.TryTakeTransmit(out var transmit)) Send(transmit);
        var deadline = _paths is { } paths && Core.FlowCount > 0 && paths.Deadline < Core.Deadline ? paths.Deadline : Core.Deadline;
        _timer.Arm(deadline, Now);
    }

    private void CarryOut(ShimEvent @event)
    {
        switch (@event)
        {
            case ShimEvent.QueryAnswered e:
                ((IActorRef)e.Token).Tell(new IpcpProtocol.QueryAnswer(Ipcp.Id, e.Found), Self);
                break;
            case ShimEvent.ResolveWanted e:
                OnResolveWanted(e.Hash);
                break;
            case ShimEvent.RequestArrived e:
                Ipcp.Irmd.Tell(new IpcpProtocol.FlowRequestArrived(Ipcp.Id, e.Request, e.Hash, e.Qos, _setup!.Codec.Mpl, e.Data), Self);
                break;
            case ShimEvent.Opened e:
                Connect(e.Flow);
                Reply((IActorRef)e.Flow.Token!, e.Flow.FlowId, FlowError.None, e.Data);
                break;
            case ShimEvent.Refused e:
                Reply((IActorRef)e.Flow.Token!, e.Flow.FlowId, e.Error, default);
                break;
            case ShimEvent.Released e:
                (e.Token as IActorRef)?.Tell(new IpcpProtocol.FlowDeallocated(e.Flow.FlowId), Self);
                break;
            case ShimEvent.PeerReleased e:
                e.Flow.Endpoint.OnPeerClosed();
                break;
        }
    }

    private void Connect(ShimFlow flow)
    {
        _paths?.Follow(flow, Now);
        flow.Endpoint.Attach(new ShimSink(_port!, flow, _setup!.LimitToPath));
        if (!_isUp) flow.Endpoint.OnLinkChanged(false);
    }

    /// <summary>What reaches a peer in one piece, bytes; the whole link's while nothing is known of the path.</summary>
    private int PathPayload(LinkAddress peer)
    {
        if (_port!.Device is not { } device) return int.MaxValue;
        var mtu = device.PathMtu(peer);
        return mtu > 0 ? _setup!.Codec.MaxPayload(mtu) : int.MaxValue;
    }

    private void Send(ShimTransmit transmit)
    {
        if (!Ipcp.Pool.TryRent(transmit.Message.Length, out var packet))
        {
            Core.Counters.Note(ShimDrop.NoMemory);
            return;
        }
        transmit.Message.CopyTo(packet.Span);
        if (_setup!.Codec.TrySealManagement(packet, _port!.Device?.Address ?? default, transmit.Destination))
        {
            _port.SendManagement(packet);
            return;
        }
        Core.Counters.Note(ShimDrop.NoMemory);
        packet.Dispose();
    }

    private ShimProtocol.Status Status()
    {
        var device = _port?.Device;
        return new ShimProtocol.Status(
            device?.Name, device?.State ?? LinkState.Gone, device?.Address ?? default, device?.Mtu ?? 0, _port?.MaxPayload ?? 0,
            _core?.FlowCount ?? 0, _core?.NameCount ?? 0, _core?.DirectoryCount ?? 0, _core?.ArrivedCount ?? 0,
            _core?.Counters ?? new ShimCounters(), device?.Counters);
    }

    private void Reply(IActorRef flow, int flowId, FlowError response, ReadOnlyMemory<byte> data) =>
        flow.Tell(new IpcpProtocol.FlowReply(flowId, response, _setup?.Codec.Mpl ?? TimeSpan.Zero, data), Self);
}
