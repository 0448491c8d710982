namespace Akka.Actor;

/// <summary>
/// A message on its way: the node of a mailbox, and all that sending allocates. Pooling the nodes costs more than it saves.
/// </summary>
internal sealed class Mail(object? message, IActorRef? sender)
{
    /// <summary>Head of the inbox of a cell that takes no more.</summary>
    public static readonly Mail Closed = new(null, null);

    public Mail? Next;
    public readonly object? Message = message;
    public readonly IActorRef? Sender = sender;
}
