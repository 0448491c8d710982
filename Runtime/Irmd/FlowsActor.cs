using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd;

/// <summary><c>/user/irmd/flows</c>: parent of one actor for each flow; passes the IRMd's messages on to them.</summary>
internal sealed class FlowsActor : UntypedActor
{
    public const string Name = "flows";

    private readonly RuntimeServices _services;
    private readonly IActorRef _irmd;
    private readonly Dictionary<int, IActorRef> _children;

    private FlowsActor(RuntimeServices services, IActorRef irmd, Dictionary<int, IActorRef> children)
    {
        _services = services;
        _irmd = irmd;
        _children = children;
    }

    public static Props Props(RuntimeServices services, IActorRef irmd)
    {
        // Belongs to the address, not to one incarnation: the flows run on when this actor is restarted.
        var children = new Dictionary<int, IActorRef>();
        return ActorFactory.Props(() => new FlowsActor(services, irmd, children));
    }

    // A flow that fails answers whoever waits for it and is gone; it is never restarted.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreRestart(Exception reason, object message) => PostStop();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FlowProtocol.Spawn m:
                m.Entry.Start = m.Start;
                var flow = Context.ActorOf(FlowActor.Props(_services, _irmd, m.Entry), m.Entry.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                Context.WatchWith(flow, new FlowProtocol.Gone(m.Entry.Id));
                _children[m.Entry.Id] = flow;
                break;
            case FlowProtocol.ToFlow m:
                if (_children.TryGetValue(m.FlowId, out var child)) child.Tell(m.Message, Self);
                break;
            case FlowProtocol.Gone m:
                _children.Remove(m.FlowId);
                _irmd.Tell(m, Self);
                break;
            case Report m:
                // Flows that ended together with a former incarnation of this actor.
                foreach (var id in m.FlowIds.Where(id => !_children.ContainsKey(id))) _irmd.Tell(new FlowProtocol.Gone(id), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Say which of these flows are gone.</summary>
    public sealed record Report(IReadOnlyList<int> FlowIds);
}
