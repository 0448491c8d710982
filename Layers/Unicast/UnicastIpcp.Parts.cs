using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Rib;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Layers.Unicast;

/// <content>
/// The parts: how each is made, and what joins them.
/// </content>
public sealed partial class UnicastIpcp
{
    private const string DataTransferPart = "dt";
    private const string FlowAllocatorPart = "fa";
    private const string RoutingPart = "routing";
    private const string DirectoryPart = "directory";

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _member?.FlowAllocator.Close();
        _member?.DataTransfer.Close();
        base.PostStop();
    }

    private protected override void Start(UnicastConfig config)
    {
        // Neighbours that are still there, and all that the directory keeps, know the member by its address.
        var memory = Ipcp.Memory.Get<UnicastMemory>();
        if (memory.Address == 0) memory.Address = FlatAddresses.Draw(UnforeseeableRandom.Instance);
        memory.Directory = memory.Directory.ForNextLife();
        _member = new UnicastMember(config, memory.Address, memory.Directory, Ipcp);
        var (member, self) = (_member, Self);
        member.DataTransfer.AdjacencyChanged = adjacency => NoteFlow(member, self, adjacency);
        // Whoever enrols with us finds the directory through us (layer-management.md 4.5).
        Enrolments.Offer = UnicastEnrolment.Instance.Write(config, _member.Address);
        Make(DataTransferPart);
        Make(RoutingPart);
        Make(DirectoryPart);
        Make(FlowAllocatorPart);
        Make(ConnectionsPart);
        Ipcp.Rib.Set(UnicastRib.NameOf(member.DataTransfer), UnicastRib.Of(member.DataTransfer));
        Ipcp.Rib.Set("flow-allocator", UnicastRib.Of(member.FlowAllocator.Flows));
    }

    private protected override void OnMade(string part, IActorRef actor)
    {
        if (part == RoutingPart) Ipcp.Rib.Set("lsdb", new ActorRib(actor));
        else if (part == DirectoryPart) Ipcp.Rib.Set("dht", new ActorRib(actor));
    }

    private protected override Props PropsOf(string part)
    {
        // What a part has to say to another one goes through this actor, which knows which one that is now.
        var (member, self) = (_member!, Self);
        switch (part)
        {
            case DataTransferPart:
                return DataTransferActor.Props(member.DataTransfer);
            case RoutingPart:
                return RoutingActor.CreateProps(new RoutingContext(member.Config.Routing, member.Address, member.Routing, Ipcp.Time, new Random(Ipcp.Seed ^ 1))
                {
                    Install = member.DataTransfer.Install,
                    AddressLost = address => self.Tell(new DirectoryProtocol.AddressLost(address), ActorRefs.NoSender),
                    AddressesGained = (gained, members) => self.Tell(new DirectoryProtocol.AddressesGained(gained, members), ActorRefs.NoSender),
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
                    Component.OfUnicast, member.Address, Ipcp.Lower, member.Connections, Enrolments.Flows, Ipcp.Time, new Random(Ipcp.Seed ^ 2))
                {
                    Settings = new ConnectionSettings { PeerTimeout = member.Config.PeerTimeout },
                });
            default:
                throw new InvalidOperationException($"a unicast IPCP has no part {part}");
        }
    }

    private static void NoteFlow(UnicastMember member, IActorRef self, AdjacencyEvent adjacency)
    {
        if (member.FlowOfAdjacency.TryGetValue(adjacency.Adjacency, out var flow)) self.Tell(new ConnectionProtocol.FlowEvent(flow, adjacency.Events), ActorRefs.NoSender);
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

    private protected override void OnPartMessage(object message)
    {
        switch (message)
        {
            case ConnectionEvents.Added m:
                OnAdded(m);
                break;
            case ConnectionEvents.Removed m:
                OnRemoved(m);
                break;
            case ConnectionEvents.Up m:
                OnLink(m, m.FlowId, up: true);
                break;
            case ConnectionEvents.Down m:
                OnLink(m, m.FlowId, up: false);
                break;
            case ConnectionProtocol.AddressClash:
                // A member with the address of another is none: the IRMd puts it back with another one.
                Ipcp.Memory.Get<UnicastMemory>().Address = 0;
                throw new InvalidOperationException($"another member of layer {Layer?.Name} has address {UnicastAddress.Format(_member?.Address ?? 0)}, too");
            case UnicastProtocol.GetStatus:
                Sender.Tell(Status(), Self);
                break;
            case DirectoryProtocol.AddressLost or DirectoryProtocol.AddressesGained:
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
        Enrolments.Counters,
        _member?.DataTransfer)
    {
        Config = _member?.Config,
    };
}
