using Akka.Actor;
using Ouroboros.Layers.Actors;

namespace Ouroboros.Runtime.Irmd;

/// <summary><c>/user/irmd/applications</c>: parent of one actor for each attached application.</summary>
internal sealed class ApplicationsActor : UntypedActor
{
    public const string Name = "applications";

    private readonly IActorRef _irmd;

    private ApplicationsActor(IActorRef irmd) => _irmd = irmd;

    public static Props Props(IActorRef irmd) => ActorFactory.Props(() => new ApplicationsActor(irmd));

    // An application that lost its actor is detached; its program attaches again.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Create m:
                var name = m.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
                if (!Context.Child(name).IsNobody()) break;
                Context.WatchWith(Context.ActorOf(ApplicationActor.Props(m.ProcessId, m.Credentials), name), new Stopped(m.ProcessId));
                break;
            case Remove m:
                Context.Stop(Context.Child(m.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case Stopped m:
                _irmd.Tell(m, Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Make the actor of an application, unless it is there.</summary>
    public sealed record Create(int ProcessId, Credentials Credentials);

    /// <summary>Stop it.</summary>
    public sealed record Remove(int ProcessId);

    /// <summary>To the IRMd: it has ended, the application is detached.</summary>
    public sealed record Stopped(int ProcessId);
}
