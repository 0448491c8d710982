using System.Diagnostics;
using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Runtime.Actors;

namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary>
/// <c>/user/irmd/oap/[id]</c>: one handshake. It hands its steps to the threads of handshakes and is gone when it has answered. However it ends,
/// the flow is answered, and keys that nobody took are wiped: that is what <see cref="PostStop"/> sees to.
/// </summary>
internal sealed class HandshakeSaga : UntypedActor
{
    private static readonly ActivitySource Activities = new("Ouroboros.Security");

    private readonly RuntimeServices _services;
    private readonly Handshake _handshake;
    private readonly Activity? _activity;
    private IClientHandshake? _client;
    private HandshakeJob? _job;
    private ICancelable? _timer;
    private bool _answered;

    private HandshakeSaga(RuntimeServices services, Handshake handshake)
    {
        _services = services;
        _handshake = handshake;
        _activity = Activities.StartActivity("handshake")?.AddTag("name", handshake.Name.Name).AddTag("side", handshake.Kind.ToString());
        if (_activity is not null) Activity.Current = _activity.Parent;
    }

    public static Props Props(RuntimeServices services, Handshake handshake) => ActorFactory.Props(() => new HandshakeSaga(services, handshake));

    protected override void PreStart()
    {
        _handshake.Saga = Self;
        if (_handshake.IsClosed)
        {
            Context.Stop(Self);
            return;
        }
        var left = _handshake.Deadline.Remaining;
        if (left != Timeout.InfiniteTimeSpan) _timer = Context.System.Scheduler.ScheduleTellOnceCancelable(left, Self, Expired.Instance, Self);
        var (security, name, data) = (_services.Security, _handshake.Name, _handshake.Data);
        switch (_handshake.Kind)
        {
            case HandshakeKind.Client when _handshake.TakeBegun() is { } begun:
                _client = begun;
                Run(() => begun.Complete(data));
                break;
            case HandshakeKind.Client:
                Run(() => security.Begin(name));
                break;
            case HandshakeKind.Server:
                Run(() => security.Serve(name, data));
                break;
            case HandshakeKind.Direct:
                Run(() => DirectResult.Of(security, name));
                break;
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HandshakeJob m:
                if (m == _job) OnFinished(m);
                break;
            case OapProtocol.Response m:
                if (_client is { } client && _job is null) Run(() => client.Complete(m.Data));
                break;
            case OapProtocol.Cancel:
                _answered = true;
                Context.Stop(Self);
                break;
            case Expired:
                Answer(new FlowException(
                    _handshake.Kind == HandshakeKind.Client ? FlowError.TimedOut : FlowError.CryptoFailed,
                    $"the handshake of the flow to '{_handshake.Name.Name}' was not done in time"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        _timer?.Cancel();
        if (_job is { } job) _services.Handshakes.Abandon(job, _client);
        else _client?.Dispose();
        if (!_answered) Answer(new FlowException(FlowError.BrokenPipe, "the handshake was stopped; try again"));
        _activity?.Dispose();
    }

    private void Run(Func<IDisposable> step)
    {
        _job = new HandshakeJob(Self, step);
        _services.Handshakes.Submit(_job);
    }

    private void OnFinished(HandshakeJob job)
    {
        _job = null;
        switch (job.Failure)
        {
            case null:
                break;
            case FlowException refusal:
                Answer(refusal);
                return;
            default:
                // A defect: noted as this actor's failure, and the flow is answered by its end.
                throw new InvalidOperationException($"the handshake broke: {job.Failure.Message}", job.Failure);
        }
        switch (job.Take())
        {
            case IClientHandshake client:
                _client = client;
                _handshake.MayEncrypt = client.MayEncrypt;
                _handshake.Request = client.Request;
                _handshake.Flow.Tell(new OapProtocol.Ready(_handshake), Self);
                break;
            case DirectResult both:
                _handshake.Deliver(both.Server, both.Client);
                Answer(null);
                break;
            case FlowProtection own:
                _handshake.Deliver(own);
                Answer(null);
                break;
        }
    }

    private void Answer(FlowException? failure)
    {
        _answered = true;
        _activity?.SetStatus(failure is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, failure?.Message);
        _handshake.Flow.Tell(new OapProtocol.Done(_handshake, failure), Self);
        Context.Stop(Self);
    }

    /// <summary>Its time is up.</summary>
    private sealed record Expired
    {
        public static readonly Expired Instance = new();
    }
}
