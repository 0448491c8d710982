using System.Runtime.CompilerServices;

namespace Akka.Actor;

/// <summary>Sending in the name of the actor that runs on this thread.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends <paramref name="message"/>; the sender is the actor that runs now, or nobody outside actors.</summary>
    /// <param name="receiver">Whom to send to.</param>
    /// <param name="message">Any object except null.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current);

    /// <summary>Sends <paramref name="message"/>, keeping the sender of the message that is handled now.</summary>
    /// <param name="receiver">Whom to send to.</param>
    /// <param name="message">Any object except null.</param>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.Sender);
}
