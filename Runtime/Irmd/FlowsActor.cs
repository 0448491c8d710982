using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Runtime.Irmd;

/// <summary><c>/user/irmd/flows</c>: parent of one actor for each flow; passes the IRMd's messages on to them.</summary>
internal sealed class FlowsActor : UntypedActor
{
    public const string Name = "flows";

    private readonly RuntimeServices _services;
    private readonly IActorRef _irmd;
    private readonly Dictionary<int, (IActorRef Actor, FlowEntry Entry)> _children = [];

    private FlowsActor(RuntimeServices services, IActorRef irmd)
    {
        _services = services;
        _irmd = irmd;
    }

    public static Props Props(RuntimeServices services, IActorRef irmd) => ActorFactory.Props(() => new FlowsActor(services, irmd));

    // A flow that fails answers whoever waits for it and is gone; it is never restarted.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FlowProtocol.Spawn m:
                m.Entry.Start = m.Start;
                var flow = Context.ActorOf(FlowActor.Props(_services, _irmd, m.Entry), m.Entry.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                Context.WatchWith(flow, new FlowProtocol.Gone(m.Entry));
                _children[m.Entry.Id] = (flow, m.Entry);
                break;
            case FlowProtocol.ToFlow m:
                // For one that is gone there is nothing to do: the IRMd is told so and finds another for what it delivered.
                if (_children.TryGetValue(m.FlowId, out var child)) child.Actor.Tell(m.Message, Self);
                break;
            case FlowProtocol.Gone m:
                _children.Remove(m.Entry.Id);
                _irmd.Tell(m, Self);
                break;
            case Report m:
                // Flows that ended together with a former incarnation of this actor.
                foreach (var entry in m.Flows)
                {
                    if (!_children.TryGetValue(entry.Id, out var known) || known.Entry != entry) _irmd.Tell(new FlowProtocol.Gone(entry), Self);
                }
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Say which of these flows are gone.</summary>
    public sealed record Report(IReadOnlyList<FlowEntry> Flows);
}
