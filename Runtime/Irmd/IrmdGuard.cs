using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Runtime.Actors;

namespace Ouroboros.Runtime.Irmd;

/// <summary><c>/user/guard</c>: makes the IRMd, and makes it again when somebody stops it from outside.</summary>
internal sealed class IrmdGuard : UntypedActor
{
    private readonly RuntimeServices _services;

    private IrmdGuard(RuntimeServices services) => _services = services;

    /// <summary>Starts the guard and the IRMd; the services' handle points at the IRMd when this returns.</summary>
    public static void Start(ActorSystem system, RuntimeServices services)
    {
        services.Irmd.Current = system.ActorOf(IrmdActor.Props(services), IrmdActor.Name);
        system.ActorOf(ActorFactory.Props(() => new IrmdGuard(services)), "guard");
    }

    protected override void PreStart() => Context.Watch(_services.Irmd.Current);

    protected override void OnReceive(object message)
    {
        if (message is not Terminated || _services.Stopping)
        {
            Unhandled(message);
            return;
        }
        _services.Irmd.Current = Context.System.ActorOf(IrmdActor.Props(_services), IrmdActor.Name);
        Context.Watch(_services.Irmd.Current);
    }
}
