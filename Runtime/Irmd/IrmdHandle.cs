using Akka.Actor;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// Where the IRMd is now. It is a new actor after it was stopped from outside and made again; everybody else keeps this handle. It also
/// says when there will be none any more.
/// </summary>
public sealed class IrmdHandle
{
    private readonly CancellationTokenSource _stopped = new();
    private volatile IActorRef _current = ActorRefs.Nobody;

    /// <summary>The actor.</summary>
    public IActorRef Current
    {
        get => _current;
        internal set => _current = value;
    }

    /// <summary>Cancelled when the runtime has stopped; nobody answers after that.</summary>
    public CancellationToken Stopped => _stopped.Token;

    internal void Stop() => _stopped.Cancel();
}
