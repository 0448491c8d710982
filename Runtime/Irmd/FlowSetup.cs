using Akka.Actor;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd;

/// <summary>What the actor of a flow needs only until the flow is allocated.</summary>
internal sealed class FlowSetup(FlowRequest own)
{
    /// <summary>What the owner waits for.</summary>
    public FlowRequest Own { get; } = own;

    /// <summary>What the other application of a direct flow waits for.</summary>
    public AllocateRequest? Client { get; set; }

    /// <summary>Layers that are asked for the name, in order of preference.</summary>
    public IReadOnlyList<FlowProtocol.Candidate> Candidates { get; set; } = [];

    /// <summary>What they said; null = nothing yet.</summary>
    public bool?[] Answers { get; set; } = [];

    /// <summary>When they have had time enough.</summary>
    public QueryExpired? QueryTimer { get; set; }

    /// <summary>What the handshake needs to check the answer.</summary>
    public object? Security { get; set; }

    /// <summary>A request from a layer that has been taken and not answered.</summary>
    public FlowProtocol.LayerRequest? Unanswered { get; set; }

    /// <summary>Answers everybody who still waits.</summary>
    public void Fail(FlowError error, string message)
    {
        Own.Fail(error, message);
        Client?.Fail(error, message);
    }
}

/// <summary>Layers have had time enough to say whether they know the name.</summary>
internal sealed class QueryExpired
{
    public ICancelable? Timer { get; set; }
}
