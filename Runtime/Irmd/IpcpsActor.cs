using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Actors;

namespace Ouroboros.Runtime.Irmd;

/// <summary><c>/user/irmd/ipcps</c>: parent of the IPCPs. It only makes and stops them; the IRMd knows what they are for.</summary>
internal sealed class IpcpsActor : UntypedActor
{
    public const string Name = "ipcps";

    private readonly RuntimeServices _services;

    private IpcpsActor(RuntimeServices services) => _services = services;

    public static Props Props(RuntimeServices services) => ActorFactory.Props(() => new IpcpsActor(services));

    // An IPCP keeps its address when it fails, so flows and the IRMd need not be told of a new one. The IRMd counts failures on its own clock.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void PreRestart(Exception reason, object message) => PostStop();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Create m:
                if (!Context.Child(ActorNames.Encode(m.Name)).IsNobody()) break;
                var context = new IpcpContext(m.Id, m.Name, _services.Irmd.Current, _services.Time, _services.Domains.Global, _services.NextSeed());
                var ipcp = Context.ActorOf(IpcpKinds.Find(m.Type).CreateProps(context), ActorNames.Encode(m.Name));
                Context.WatchWith(ipcp, new Stopped(m.Id));
                break;
            case Remove m:
                Context.Stop(Context.Child(ActorNames.Encode(m.Name)));
                break;
            case Stopped m:
                _services.Irmd.Current.Tell(m, Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Make an IPCP, unless it is there.</summary>
    public sealed record Create(int Id, string Name, IpcpType Type);

    /// <summary>Stop an IPCP.</summary>
    public sealed record Remove(string Name);

    /// <summary>To the IRMd: the IPCP's actor has ended.</summary>
    public sealed record Stopped(int Id);
}
