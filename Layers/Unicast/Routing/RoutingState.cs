using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>
/// What a routing actor has to remember, kept by whoever made the actor: the connections that there are, what was known of links, and the beginning
/// of its clock. Touched by the actor only, one message at a time; <see cref="Inbox"/> by any thread.
/// </summary>
public sealed class RoutingState(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>What neighbours sent.</summary>
    public RoutingInbox Inbox { get; } = new();

    /// <summary>Connections of data transfer by number of their flow.</summary>
    internal Dictionary<int, (ulong Peer, bool IsUp, bool IsOurs)> Links { get; } = [];

    /// <summary>Management connections by number of their flow.</summary>
    internal Dictionary<int, ManagementConnection> Management { get; } = [];

    /// <summary>What the last actor knew of links, and when it said so.</summary>
    internal IReadOnlyList<LinkRecord> Known { get; set; } = [];

    internal long KnownAt { get; set; }

    /// <summary>Now, in milliseconds of a clock that only goes forward.</summary>
    internal long Now => (long)time.GetElapsedTime(_start).TotalMilliseconds;

    internal sealed class ManagementConnection(ulong peer, LowerFlow flow)
    {
        public ulong Peer => peer;

        public LowerFlow Flow => flow;

        public bool IsUp { get; set; } = true;
    }
}
