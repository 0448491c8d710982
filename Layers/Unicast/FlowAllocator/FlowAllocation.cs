using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast;

/// <summary>A flow that was asked for and is not there yet.</summary>
internal sealed class FlowAllocation
{
    /// <summary>The runtime's number.</summary>
    public required int FlowId { get; init; }

    /// <summary>Whom packets are delivered to.</summary>
    public required FlowEndpoint Endpoint { get; init; }

    /// <summary>The name.</summary>
    public required NameHash Hash { get; init; }

    /// <summary>What is asked for.</summary>
    public required QosSpec Qos { get; init; }

    /// <summary>The handshake.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What the shell wants to find again.</summary>
    public required object? Token { get; init; }

    /// <summary>When it is over without an answer.</summary>
    public required TimeSpan ExpiresAt { get; init; }

    /// <summary>Addresses that are still to be tried.</summary>
    public Queue<ulong> Addresses { get; } = new();

    /// <summary>The flow as it was asked for at <see cref="Address"/>; null while the directory is asked.</summary>
    public UnicastFlow? Flow { get; set; }

    /// <summary>Whom we ask now.</summary>
    public ulong Address { get; set; }

    /// <summary>The request.</summary>
    public byte[] Message { get; set; } = [];

    /// <summary>Whether the request has left.</summary>
    public bool IsSent { get; set; }

    /// <summary>When the next address has its turn.</summary>
    public TimeSpan AttemptEndsAt { get; set; }

    /// <summary>When the directory is asked again, or the request is sent again.</summary>
    public TimeSpan RepeatAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>The time between the next repeats.</summary>
    public TimeSpan RepeatAfter { get; set; }

    /// <summary>When it is asked whether the peer is one of ours.</summary>
    public TimeSpan ProbeAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>The time between the next two of these questions.</summary>
    public TimeSpan ProbeAfter { get; set; }

    /// <summary>How many of them are left.</summary>
    public int ProbesLeft { get; set; }

    /// <summary>Endpoint id that an answer to them comes for; 0 before the first.</summary>
    public ulong ProbeEid { get; set; }

    /// <summary>Whether it has come to its end.</summary>
    public bool IsOver { get; set; }

    /// <summary>When something is to be done.</summary>
    public TimeSpan Due
    {
        get
        {
            var due = Flow is null ? ExpiresAt : AttemptEndsAt;
            if (RepeatAt < due) due = RepeatAt;
            return ProbeAt < due ? ProbeAt : due;
        }
    }
}
