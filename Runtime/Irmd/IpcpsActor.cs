using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Rib;
using Ouroboros.Runtime.Actors;

namespace Ouroboros.Runtime.Irmd;

/// <summary><c>/user/irmd/ipcps</c>: parent of the IPCPs. It only makes and stops them; the IRMd knows what they are for.</summary>
internal sealed class IpcpsActor : UntypedActor
{
    public const string Name = "ipcps";

    private readonly RuntimeServices _services;
    private readonly Dictionary<string, Child> _children = new(StringComparer.Ordinal);

    /// <summary>To be made when the namesake has ended.</summary>
    private readonly Dictionary<string, Create> _next = new(StringComparer.Ordinal);

    private IpcpsActor(RuntimeServices services) => _services = services;

    public static Props Props(RuntimeServices services) => ActorFactory.Props(() => new IpcpsActor(services));

    // An IPCP keeps its address when it fails, so flows and the IRMd need not be told of a new one. The IRMd counts failures on its own
    // clock, and also decides about those that cannot even be made: restarted here they would fail again at once, for ever.
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(e => e is ActorInitializationException ? Directive.Stop : Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Create m:
                // A namesake that is on its way out has the place still.
                if (!_children.TryGetValue(m.Name, out var live)) Make(m);
                else if (live.Id != m.Id || live.Stopping) _next[m.Name] = m;
                break;
            case Remove m:
                if (_next.TryGetValue(m.Name, out var next) && next.Id == m.Id) _next.Remove(m.Name);
                if (!_children.TryGetValue(m.Name, out var leaving) || leaving.Id != m.Id) break;
                _children[m.Name] = leaving with { Stopping = true };
                Context.Stop(leaving.Actor);
                break;
            case Stopped m:
                if (_children.Remove(m.Name, out var ended)) _services.Rib.Remove(m.Name, ended.Rib);
                _services.Irmd.Current.Tell(m, Self);
                if (_next.Remove(m.Name, out var create)) Make(create);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Make(Create m)
    {
        var kind = IpcpKinds.Find(m.Type);
        var rib = new RibMount();
        _services.Rib.Add(m.Name, rib);
        var context = new IpcpContext(m.Id, m.Name, _services.Irmd.Current, _services.Time, _services.Domains.Global, _services.NextSeed())
        {
            Memory = m.Memory,
            Lower = new LowerFlows(_services, m.Id, rib),
            Rib = rib,
            Kind = kind.Name,
        };
        var ipcp = Context.ActorOf(kind.CreateProps(context), ActorNames.Encode(m.Name));
        Context.WatchWith(ipcp, new Stopped(m.Id, m.Name));
        _children[m.Name] = new Child(m.Id, ipcp, rib, Stopping: false);
    }

    private sealed record Child(int Id, IActorRef Actor, RibMount Rib, bool Stopping);

    /// <summary>Make an IPCP, unless it is there.</summary>
    public sealed record Create(int Id, string Name, IpcpType Type, IpcpMemory Memory);

    /// <summary>Stop an IPCP.</summary>
    public sealed record Remove(int Id, string Name);

    /// <summary>To the IRMd: the IPCP's actor has ended.</summary>
    public sealed record Stopped(int Id, string Name);
}
