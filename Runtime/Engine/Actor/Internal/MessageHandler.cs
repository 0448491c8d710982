namespace Akka.Actor.Internal;

/// <summary>
/// How one <c>Receive</c> call of a <see cref="ReceiveActor"/> treats a message; shared by all actors, the delegate is the actor's.
/// </summary>
internal abstract class MessageHandler
{
    public abstract bool TryHandle(object message, Delegate handler);
}
