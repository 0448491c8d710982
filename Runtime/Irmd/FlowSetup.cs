using Akka.Actor;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;
using Ouroboros.Runtime.Security.Handshakes;

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

    /// <summary>The name that a flow is allocated to.</summary>
    public NameInfo? Name { get; set; }

    /// <summary>The layer that the flow is allocated from.</summary>
    public FlowProtocol.Candidate? Chosen { get; set; }

    /// <summary>Whether the layer has answered.</summary>
    public bool Answered { get; set; }

    /// <summary>The client's half of a handshake that takes no saga.</summary>
    public IClientHandshake? Begun { get; set; }

    /// <summary>What a saga sees to.</summary>
    public Handshake? Handshake { get; set; }

    /// <summary>What came out of the handshake of an accept, while the layer connects it.</summary>
    public FlowProtection Protection { get; set; } = FlowProtection.None;

    /// <summary>A direct flow that waits for its handshake.</summary>
    public FlowProtocol.DirectRequest? Direct { get; set; }

    /// <summary>A request from a layer that has been taken and not answered.</summary>
    public FlowProtocol.LayerRequest? Unanswered { get; set; }

    /// <summary>Answers everybody who still waits.</summary>
    public void Fail(FlowError error, string message)
    {
        Own.Fail(error, message);
        Client?.Fail(error, message);
    }

    /// <summary>Nothing of a handshake is left.</summary>
    public void CloseHandshake()
    {
        Handshake?.Close();
        Handshake = null;
        Begun?.Dispose();
        Begun = null;
        Protection.Dispose();
    }
}

/// <summary>Layers have had time enough to say whether they know the name.</summary>
internal sealed class QueryExpired
{
    public ICancelable? Timer { get; set; }
}
