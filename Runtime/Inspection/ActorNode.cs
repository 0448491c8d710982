namespace Ouroboros.Runtime.Inspection;

/// <summary>A live actor and its children, as inspection sees them.</summary>
/// <param name="Path">E.g. <c>/user/irmd/flows/7</c>.</param>
/// <param name="Type">Class of the actor.</param>
/// <param name="State">running, suspended, ...</param>
/// <param name="MailboxDepth">Messages that wait.</param>
/// <param name="Restarts">How often it has been restarted.</param>
/// <param name="LastFailure">What it failed with last, or null.</param>
/// <param name="Children">By name.</param>
public sealed record ActorNode(
    string Path, string Type, string State, int MailboxDepth, int Restarts, string? LastFailure, IReadOnlyList<ActorNode> Children)
{
    /// <summary>Last component of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>This actor and all below it.</summary>
    public IEnumerable<ActorNode> All => Children.SelectMany(c => c.All).Prepend(this);
}
