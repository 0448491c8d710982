using Ouroboros.Layers.Unicast.Connections;

namespace Ouroboros.Layers.Broadcast;

/// <summary>What a broadcast IPCP answers beside the commands of all IPCPs.</summary>
public static class BroadcastProtocol
{
    /// <summary>How is it? Answered with <see cref="Status"/>.</summary>
    public sealed record GetStatus
    {
        /// <summary>The one that there is.</summary>
        public static readonly GetStatus Instance = new();
    }

    /// <summary>How a member is.</summary>
    /// <param name="Connections">Its connections to other members.</param>
    /// <param name="Joined">Applications that have joined.</param>
    /// <param name="IsLooping">Whether packets went round lately.</param>
    /// <param name="Counters">What was passed on and what not; null = in no layer.</param>
    public sealed record Status(IReadOnlyList<Connection> Connections, int Joined, bool IsLooping, BroadcastCounters? Counters);
}
