namespace Ouroboros.Engine.Inspection;

/// <summary>An actor as it was when it was looked at.</summary>
/// <param name="Path">Its path, without the address of the system.</param>
/// <param name="Type">Full name of its type.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="MailboxDepth">Messages that wait.</param>
/// <param name="Restarts">How often it was restarted.</param>
/// <param name="LastFailure">Its last failure, or null.</param>
/// <param name="MessagesProcessed">Messages that it has handled.</param>
/// <param name="Children">Its children by name, with those last that failed and were stopped for it and not made anew.</param>
public sealed record ActorInfo(string Path, string Type, ActorState State, int MailboxDepth, int Restarts, ActorFailure? LastFailure,
    long MessagesProcessed, IReadOnlyList<ActorInfo> Children);
