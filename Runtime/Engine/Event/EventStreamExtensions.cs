using Akka.Actor;

namespace Akka.Event;

/// <summary>Subscribing with a type argument.</summary>
public static class EventStreamExtensions
{
    /// <summary>Lets an actor receive events; it is taken off when it stops.</summary>
    /// <typeparam name="TChannel">Type of the events.</typeparam>
    /// <param name="eventStream">The stream.</param>
    /// <param name="subscriber">The actor.</param>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Lets an actor receive such events no longer.</summary>
    /// <typeparam name="TChannel">Type of the events, as it was subscribed to.</typeparam>
    /// <param name="eventStream">The stream.</param>
    /// <param name="subscriber">The actor.</param>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
