using System.Collections.Concurrent;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// What a member of a unicast layer is while its IPCP lives: what its parts have to remember. Each part is an actor that can be killed by itself, and finds
/// here what it had. Touched by the IPCP's actor, and by each part its own.
/// </summary>
internal sealed class UnicastMember
{
    public UnicastMember(UnicastConfig config, ulong address, DirectoryState directory, IpcpContext context)
    {
        Config = config;
        Address = address;
        Directory = directory;
        DataTransfer = new DataTransfer(address, new DataTransferConfig
        {
            MaxTtl = config.MaxTtl,
            Congestion = CongestionPolicies.Find(config.Congestion),
            Forwarding = ForwardingPolicies.Find(config.Routing.Policy),
        }, context.Pool, context.Time);
        Routing = new RoutingState(context.Time);
        DataTransfer.Register(IDirectoryCarrier.Eid, new DirectoryReceiver(Inbox));
        FlowAllocator = new FlowAllocatorState(DataTransfer);
    }

    public UnicastConfig Config { get; }

    public ulong Address { get; }

    public DataTransfer DataTransfer { get; }

    public ConnectionTable Connections { get; } = new();

    public DirectoryState Directory { get; }

    public DirectoryInbox Inbox { get; } = new();

    public RoutingState Routing { get; }

    public FlowAllocatorState FlowAllocator { get; }

    /// <summary>Flows of connections, and their adjacencies in data transfer; -1 for those that have none.</summary>
    public Dictionary<int, (LowerFlow Flow, int Adjacency)> Flows { get; } = [];

    /// <summary>Flows of data transfer by their adjacency. Read by any thread.</summary>
    public ConcurrentDictionary<int, int> FlowOfAdjacency { get; } = new();
}
