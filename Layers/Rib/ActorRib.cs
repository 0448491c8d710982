using Akka.Actor;

namespace Ouroboros.Layers.Rib;

/// <summary>
/// A component whose state belongs to an actor: it is asked with <see cref="RibProtocol.List"/> and <see cref="RibProtocol.Read"/>, between two of its
/// messages, and answers the sender.
/// </summary>
/// <param name="actor">Who knows.</param>
/// <param name="timeout">How long it may take; null = 1 s.</param>
public sealed class ActorRib(IActorRef actor, TimeSpan? timeout = null) : IRibComponent
{
    private readonly TimeSpan _timeout = timeout ?? TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        (await AskAsync<RibProtocol.Files>(RibProtocol.List.Instance, cancellationToken).ConfigureAwait(false)).Names;

    /// <inheritdoc/>
    public async ValueTask<RibFile?> ReadAsync(string file, CancellationToken cancellationToken) =>
        (await AskAsync<RibProtocol.Content>(new RibProtocol.Read(file), cancellationToken).ConfigureAwait(false)).File;

    private async Task<T> AskAsync<T>(object question, CancellationToken cancellationToken)
    {
        try
        {
            return await actor.Ask<T>(question, _timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException e)
        {
            throw new FlowException(FlowError.TimedOut, $"{actor.Path.Name} did not answer within {_timeout.TotalSeconds} s; is it gone, or busy?", e);
        }
    }
}
