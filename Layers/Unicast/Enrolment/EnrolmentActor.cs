using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Enrolment.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>
/// <c>/user/irmd/ipcps/NAME/enrolment</c>: joins a layer for its parent, once, and lets others in. Killed while it joins, it tells the parent that that has
/// failed; those whom it lets in at that moment try again.
/// </summary>
public sealed class EnrolmentActor : UntypedActor, IEnrolmentOutput
{
    private readonly EnrolmentContext _context;
    private readonly EnrolmentServer _server;
    private readonly CancellationTokenSource _ended = new();
    private readonly FlowInbox _allocated = new(1);
    private readonly ILoggingAdapter _log;
    private readonly IActorRef _self;
    private readonly IActorRef _parent;
    private readonly long _start;
    private readonly DeadlineTimer _timer;
    private Joining? _joining;

    private EnrolmentActor(EnrolmentContext context)
    {
        _context = context;
        _log = Context.GetLogger();
        _self = Self;
        _parent = Context.Parent;
        _start = context.Time.GetTimestamp();
        _timer = new DeadlineTimer(Context.System.Scheduler, _self);
        _server = new EnrolmentServer(context.Settings, context.State.Counters, this);
    }

    private TimeSpan Now => _context.Time.GetElapsedTime(_start);

    /// <summary>How to make it.</summary>
    public static Props Props(EnrolmentContext context) => ActorFactory.Props(() => new EnrolmentActor(context));

    /// <inheritdoc/>
    bool IEnrolmentOutput.Send(LowerFlow flow, ReadOnlySpan<byte> message) => Send(flow, message);

    /// <inheritdoc/>
    void IEnrolmentOutput.Listen(LowerFlow flow) => Listen(flow);

    /// <inheritdoc/>
    void IEnrolmentOutput.Release(LowerFlow flow) => flow.Release();

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _allocated.Attach(_self);
        _server.Offer = _context.State.Offer;
        if (_server.Offer is not null) _context.State.Flows.Attach(_self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _ended.Cancel();
        _timer.Cancel();
        _allocated.Close();
        _server.Stop();
        if (_joining is null) return;
        _joining.Flow?.Release();
        _parent.Tell(new EnrolmentProtocol.Failed(FlowError.BrokenPipe, "the enrolment was stopped; try again"), _self);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EnrolmentProtocol.Join m when _joining is null:
                _joining = new Joining(m.Destination);
                _ = AllocateAsync(m.Destination);
                break;
            case EnrolmentProtocol.Started m:
                Confirm(m.Done);
                break;
            case EnrolmentProtocol.Open:
                _server.Offer = _context.State.Offer;
                _context.State.Flows.Attach(_self);
                break;
            case FlowInbox.Arrived:
                if (_allocated.TryTake(out var allocated, out _)) OnAllocated(allocated);
                while (_server.Offer is not null && _context.State.Flows.TryTake(out var flow, out _)) _server.Serve(flow, Now);
                break;
            case NotAllocated m:
                Fail(EnrolmentFailure.NotConnected, m.Error, m.Reason);
                break;
            case MessageReader.Message m when m.Flow == _joining?.Flow?.Id:
                OnMessage(_joining, m.Data);
                break;
            case MessageReader.Message m:
                _server.Receive(m.Flow, m.Data, _context.Time.GetUtcNow(), Now);
                break;
            case MessageReader.Ended m when m.Flow == _joining?.Flow?.Id:
                Fail(EnrolmentFailure.FlowEnded, FlowError.FlowDown, $"'{_joining!.Destination}' ended the flow");
                break;
            case MessageReader.Ended m:
                _server.OnFlowEnded(m.Flow);
                break;
            case DeadlineTimer.Passed:
                _timer.Disarm();
                if (_joining?.Enrolee is { } enrolee && enrolee.Deadline <= Now) Fail(enrolee.OnSilence());
                _server.Tick(Now);
                break;
            default:
                Unhandled(message);
                return;
        }
        Arm();
    }

    private static bool Send(LowerFlow flow, ReadOnlySpan<byte> message) => flow.Endpoint.TryWrite(message) == FlowError.None;

    private void Listen(LowerFlow flow) => _ = MessageReader.ReadAsync(flow, EnrolmentResponse.MaxLength, _self, _ended.Token);

    private void OnAllocated(LowerFlow flow)
    {
        if (_joining is not { Flow: null } joining)
        {
            flow.Release();
            return;
        }
        joining.Flow = flow;
        joining.Enrolee = new Enrolee(_context.Codec, _context.Settings, joining.Destination, _context.Random, Now);
        if (Send(flow, Enrolee.Begin())) Listen(flow);
        else Fail(EnrolmentFailure.NotSent, FlowError.FlowDown, $"nothing could be sent to '{joining.Destination}'");
    }

    private void OnMessage(Joining joining, byte[] data)
    {
        var result = joining.Enrolee!.Receive(data, _context.Time.GetUtcNow(), Now);
        if (result.Failure is not null)
        {
            Fail(result);
        }
        else if (result.Config is { } config)
        {
            if (joining.Enrolee.ClockOffset is { } offset && offset > _context.Settings.ClockTolerance)
            {
                _log.Warning("the clocks of this member and of '{0}' are up to {1} ms apart", joining.Destination, (long)offset.TotalMilliseconds);
            }
            _parent.Tell(new EnrolmentProtocol.Joined(config), _self);
        }
        else if (result.Reply is { } reply && !Send(joining.Flow!, reply))
        {
            Fail(EnrolmentFailure.NotSent, FlowError.FlowDown, $"nothing could be sent to '{joining.Destination}'");
        }
        else
        {
            Listen(joining.Flow!);
        }
    }

    private void Confirm(bool done)
    {
        if (_joining is not { Flow: { } flow, Enrolee: { } enrolee }) return;
        if (!Send(flow, enrolee.Confirm(done))) _log.Warning("'{0}' could not be told how the enrolment ended", _joining.Destination);
        flow.Release();
        _joining = null;
    }

    private void Fail(EnroleeResult result) => Fail(
        result.Failure!.Value, result.Failure == EnrolmentFailure.Silent ? FlowError.TimedOut : FlowError.NotPermitted, result.Reason!);

    private void Fail(EnrolmentFailure failure, FlowError error, string reason)
    {
        if (_joining is null) return;
        _context.State.Counters.Note(failure);
        _joining.Flow?.Release();
        _joining = null;
        _parent.Tell(new EnrolmentProtocol.Failed(error, reason), _self);
    }

    private async Task AllocateAsync(string destination)
    {
        try
        {
            _allocated.Post(await _context.Lower.AllocateAsync(destination, QosSpec.Raw, _context.Settings.AllocationTimeout, _ended.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // This actor ends, or the IPCP.
        }
        catch (FlowException e)
        {
            _self.Tell(new NotAllocated(e.Error, e.Message), ActorRefs.NoSender);
        }
    }

    private void Arm()
    {
        var deadline = _server.Deadline;
        if (_joining?.Enrolee is { } enrolee && enrolee.Deadline < deadline) deadline = enrolee.Deadline;
        _timer.Arm(deadline, Now);
    }

    /// <summary>What this member itself is about.</summary>
    private sealed class Joining(string destination)
    {
        public string Destination { get; } = destination;

        public LowerFlow? Flow { get; set; }

        public Enrolee? Enrolee { get; set; }
    }

    /// <summary>The flow could not be allocated.</summary>
    private sealed record NotAllocated(FlowError Error, string Reason);
}
