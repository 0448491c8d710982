using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Layers.Unicast;

/// <content>
/// The parts: how each is made, what joins them, and what happens when one ends. A part that fails is restarted in place; one that is stopped is made again.
/// </content>
public sealed partial class UnicastIpcp
{
    private const string DataTransferPart = "dt";
    private const string FlowAllocatorPart = "fa";
    private const string ConnectionsPart = "connections";
    private const string RoutingPart = "routing";
    private const string DirectoryPart = "directory";
    private const string EnrolmentPart = "enrolment";

    private const int MaxPartFailures = 5;
    private static readonly TimeSpan FailuresWithin = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, IActorRef> _parts = [];
    private readonly Queue<long> _ends = new();

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => NoteEnd() ? Directive.Restart : Directive.Escalate);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Make(EnrolmentPart);
        base.PreStart();
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        // All parts are made again from nothing; their ends are no news.
        _parts.Clear();
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _enrolments.Flows.Close();
        _member?.FlowAllocator.Close();
        _member?.DataTransfer.Close();
        if (_enrolling is var (client, command)) client.Tell(new IpcpProtocol.Answer(command.Id, FlowError.IpcpFailed, "the IPCP ended"), Self);
        base.PostStop();
    }

    private void Start(UnicastConfig config)
    {
        _member = new UnicastMember(config, FlatAddresses.Draw(UnforeseeableRandom.Instance), Ipcp);
        var (member, self) = (_member, Self);
        member.DataTransfer.AdjacencyChanged = adjacency => NoteFlow(member, self, adjacency);
        // Whoever enrols with us finds the directory through us (layer-management.md 4.5).
        _enrolments.Offer = UnicastEnrolment.Instance.Write(config, _member.Address);
        Make(DataTransferPart);
        Make(RoutingPart);
        Make(DirectoryPart);
        Make(FlowAllocatorPart);
        Make(ConnectionsPart);
        Part(EnrolmentPart).Tell(EnrolmentProtocol.Open.Instance, Self);
    }

    private Props PropsOf(string name)
    {
        // What a part has to say to another one goes through this actor, which knows which one that is now.
        var (member, self) = (_member!, Self);
        switch (name)
        {
            case EnrolmentPart:
                return EnrolmentActor.Props(new EnrolmentContext(UnicastEnrolment.Instance, Ipcp.Lower, _enrolments, Ipcp.Time, UnforeseeableRandom.Instance));
            case DataTransferPart:
                return DataTransferActor.Props(member.DataTransfer);
            case RoutingPart:
                return RoutingActor.CreateProps(new RoutingContext(member.Config.Routing, member.Address, member.Routing, Ipcp.Time, new Random(Ipcp.Seed ^ 1))
                {
                    Install = member.DataTransfer.Install,
                    AddressLost = address => self.Tell(new DirectoryProtocol.AddressLost(address), ActorRefs.NoSender),
                    FlowChanged = (flow, events) => self.Tell(new ConnectionProtocol.FlowEvent(flow, events), ActorRefs.NoSender),
                });
            case DirectoryPart:
                return DirectoryPolicies.Find(member.Config.Directory.Policy).CreateProps(new DirectoryContext(
                    member.Config.Directory, member.Address, member.DataTransfer.Carrier, member.Inbox, member.Directory, Ipcp.Time, UnforeseeableRandom.Instance));
            case FlowAllocatorPart:
                return FlowAllocatorActor.Props(new FlowAllocatorContext(
                    Ipcp.Id, member.Config.Layer, member.DataTransfer, member.FlowAllocator, Ipcp.Irmd, Ipcp.Time, UnforeseeableRandom.Instance));
            case ConnectionsPart:
                return ConnectionsActor.Props(new ConnectionsContext(
                    Component.OfUnicast, member.Address, Ipcp.Lower, member.Connections, _enrolments.Flows, Ipcp.Time, new Random(Ipcp.Seed ^ 2)));
            default:
                throw new InvalidOperationException($"a unicast IPCP has no part {name}");
        }
    }

    private static void NoteFlow(UnicastMember member, IActorRef self, AdjacencyEvent adjacency)
    {
        if (member.FlowOfAdjacency.TryGetValue(adjacency.Adjacency, out var flow)) self.Tell(new ConnectionProtocol.FlowEvent(flow, adjacency.Events), ActorRefs.NoSender);
    }

    private bool HasPart(string name) => _parts.ContainsKey(name);

    private IActorRef Part(string name) => _parts.TryGetValue(name, out var part) ? part : ActorRefs.Nobody;

    private void Make(string name) => _parts[name] = Context.Watch(Context.ActorOf(PropsOf(name), name));

    private void OnPartEnded(IActorRef part)
    {
        var name = part.Path.Name;
        if (!_parts.TryGetValue(name, out var known) || !known.Equals(part)) return;
        if (!NoteEnd()) throw new InvalidOperationException($"parts of IPCP {Ipcp.Name} ended {MaxPartFailures} times within a minute, the last one was {name}");
        Log.Warning("{0} of IPCP {1} was stopped; it is made again", name, Ipcp.Name);
        Make(name);
    }

    /// <summary>Notes the end or failure of a part; false when it is one too many.</summary>
    private bool NoteEnd()
    {
        var now = Ipcp.Time.GetTimestamp();
        while (_ends.TryPeek(out var first) && Ipcp.Time.GetElapsedTime(first, now) > FailuresWithin) _ends.Dequeue();
        _ends.Enqueue(now);
        return _ends.Count < MaxPartFailures;
    }

    private void OnAdded(ConnectionEvents.Added m)
    {
        if (_member is not { } member) return;
        var adjacency = -1;
        if (m.Component == ComponentNames.DataTransfer)
        {
            // Events can come before this returns; those that are missed are told again when somebody looks at the flow.
            adjacency = member.DataTransfer.AddAdjacency(m.Flow.Endpoint, m.Peer, m.Flow.Qos.Cube);
            member.FlowOfAdjacency[adjacency] = m.Flow.Id;
        }
        member.Flows[m.Flow.Id] = (m.Flow, adjacency);
        Part(RoutingPart).Tell(m, Self);
        Part(ConnectionsPart).Tell(new ConnectionProtocol.Look(m.Flow.Id), Self);
    }

    private void OnRemoved(ConnectionEvents.Removed m)
    {
        if (_member is not { } member || !member.Flows.Remove(m.FlowId, out var flow)) return;
        if (flow.Adjacency >= 0)
        {
            member.FlowOfAdjacency.TryRemove(flow.Adjacency, out _);
            member.DataTransfer.RemoveAdjacency(flow.Adjacency);
        }
        Part(RoutingPart).Tell(m, Self);
        flow.Flow.Release();
    }

    private void OnLink(object change, int flow, bool up)
    {
        if (_member is not { } member || !member.Flows.TryGetValue(flow, out var known)) return;
        if (known.Adjacency >= 0) member.DataTransfer.SetAdjacencyUp(known.Adjacency, up);
        Part(RoutingPart).Tell(change, Self);
    }

    private void OnPartMessage(object message)
    {
        switch (message)
        {
            case ConnectionProtocol.FlowEvent:
                Part(ConnectionsPart).Tell(message, Self);
                break;
            case DirectoryProtocol.AddressLost:
                Part(DirectoryPart).Tell(message, Self);
                break;
            case DirectoryProtocol.Query or DirectoryProtocol.Forget:
                // Of the flow allocator, which is answered without this actor.
                Part(DirectoryPart).Forward(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private UnicastProtocol.Status Status() => new(
        _member?.Address ?? 0,
        _member?.Connections.Connections ?? [],
        _member?.Connections.Wanted.Count(w => w.Connection is null) ?? 0,
        _member?.Connections.Counters,
        _enrolments.Counters,
        _member?.DataTransfer);
}
