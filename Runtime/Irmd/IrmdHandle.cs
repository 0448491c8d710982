using Akka.Actor;

namespace Ouroboros.Runtime.Irmd;

/// <summary>Where the IRMd is now. It is a new actor after it was stopped from outside and made again; everybody else keeps this handle.</summary>
public sealed class IrmdHandle
{
    private volatile IActorRef _current = ActorRefs.Nobody;

    /// <summary>The actor.</summary>
    public IActorRef Current
    {
        get => _current;
        internal set => _current = value;
    }
}
