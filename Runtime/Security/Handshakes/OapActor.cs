using System.Globalization;
using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Runtime.Actors;

namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary><c>/user/irmd/oap</c>: parent of one saga for each handshake that takes keys or certificates; bounds how many there are.</summary>
internal sealed class OapActor : UntypedActor
{
    public const string Name = "oap";

    private readonly RuntimeServices _services;
    private readonly HandshakeGate _gate;

    private OapActor(RuntimeServices services)
    {
        _services = services;
        _gate = new HandshakeGate(services.Config.Security, services.Time);
    }

    public static Props Props(RuntimeServices services) => ActorFactory.Props(() => new OapActor(services));

    // A saga that fails has answered and is gone; it is never restarted.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OapProtocol.Start m:
                Start(m.Handshake);
                break;
            case Gone m:
                _gate.Leave(m.Kind);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Start(Handshake handshake)
    {
        if (handshake.IsClosed) return;
        if (_gate.Enter(handshake.Kind) is { } reason)
        {
            var failure = new FlowException(FlowError.CryptoFailed, $"no handshake for '{handshake.Name.Name}': {reason}");
            handshake.Flow.Tell(new OapProtocol.Done(handshake, failure, Overloaded: true), Self);
            return;
        }
        // A number that was never used: one that is on its way out has its name still.
        var name = _services.NextHandshake().ToString(CultureInfo.InvariantCulture);
        Context.WatchWith(Context.ActorOf(HandshakeSaga.Props(_services, handshake), name), new Gone(handshake.Kind));
    }

    /// <summary>A saga has ended.</summary>
    private sealed record Gone(HandshakeKind Kind);
}
