namespace Ouroboros.Runtime.Control;

/// <summary>What a connection is used for after the reply: the life of an attached process, or the packets of a flow. Disposed at the end.</summary>
internal interface IConversation : IAsyncDisposable
{
    /// <summary>Goes on until the client goes away.</summary>
    /// <param name="session">The client.</param>
    /// <param name="stopping">Cancelled when the daemon stops.</param>
    Task RunAsync(ControlSession session, CancellationToken stopping);
}
