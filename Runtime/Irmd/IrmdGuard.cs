using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Actors;
using Ouroboros.Runtime.Actors;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// <c>/user/guard</c>: makes the IRMd, makes it again when somebody stops it from outside, and notes what actors fail with.
/// </summary>
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

    protected override void PreStart()
    {
        Context.Watch(_services.Irmd.Current);
        Context.System.EventStream.Subscribe(Self, typeof(Error));
    }

    protected override void OnReceive(object message)
    {
        if (message is Error { Cause: { } cause } error)
        {
            // The supervisor of a failed actor publishes this with the actor's path.
            var path = ActorPath.TryParse(error.LogSource, out var parsed) ? parsed.ToStringWithoutAddress() : error.LogSource;
            _services.Failures.Note(path, $"{cause.GetType().FullName}: {cause.Message}");
            return;
        }
        if (message is not Terminated || _services.Stopping)
        {
            Unhandled(message);
            return;
        }
        _services.Irmd.Current = Context.System.ActorOf(IrmdActor.Props(_services), IrmdActor.Name);
        Context.Watch(_services.Irmd.Current);
    }
}
