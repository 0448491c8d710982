using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Enrolment;

namespace Ouroboros.Layers.Unicast;

/// <summary>What a unicast IPCP answers beside the commands of all IPCPs.</summary>
public static class UnicastProtocol
{
    /// <summary>How is it? Answered with <see cref="Status"/>.</summary>
    public sealed record GetStatus
    {
        /// <summary>The one that there is.</summary>
        public static readonly GetStatus Instance = new();
    }

    /// <summary>How a member is.</summary>
    /// <param name="Address">Its address; 0 = in no layer.</param>
    /// <param name="Connections">Its connections.</param>
    /// <param name="Wanted">Connections that are wanted and not there.</param>
    /// <param name="ConnectionCounters">What became of connections.</param>
    /// <param name="EnrolmentCounters">What became of enrolments.</param>
    /// <param name="DataTransfer">Its data transfer; null = in no layer.</param>
    public sealed record Status(
        ulong Address,
        IReadOnlyList<Connection> Connections,
        int Wanted,
        ConnectionCounters? ConnectionCounters,
        EnrolmentCounters EnrolmentCounters,
        DataTransfer? DataTransfer)
    {
        /// <summary>What it runs with; null = in no layer.</summary>
        public UnicastConfig? Config { get; init; }
    }
}
