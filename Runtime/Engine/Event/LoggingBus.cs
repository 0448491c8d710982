using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Event;

/// <summary>Delivers events to the actors that subscribed to their type, to a base type or to an interface of it, once each.</summary>
public class LoggingBus
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Type, List<IActorRef>> _subscribers = [];
    private ConcurrentDictionary<Type, IActorRef[]> _receivers = new();

    private protected LoggingBus()
    {
    }

    /// <summary>The lowest level that loggers get.</summary>
    public LogLevel LogLevel { get; private protected set; }

    /// <summary>Lets an actor receive events; it is taken off when it stops.</summary>
    /// <param name="subscriber">The actor.</param>
    /// <param name="channel">Type of the events.</param>
    /// <returns>False when it receives them already.</returns>
    public virtual bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_lock)
        {
            if (!_subscribers.TryGetValue(channel, out var list)) _subscribers.Add(channel, list = []);
            if (list.Contains(subscriber)) return false;
            list.Add(subscriber);
            _receivers = new ConcurrentDictionary<Type, IActorRef[]>();
            return true;
        }
    }

    /// <summary>Lets an actor receive such events no longer.</summary>
    /// <param name="subscriber">The actor.</param>
    /// <param name="channel">Type of the events, as it was subscribed to.</param>
    /// <returns>Whether it did receive them.</returns>
    public virtual bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_lock)
        {
            if (!_subscribers.TryGetValue(channel, out var list) || !list.Remove(subscriber)) return false;
            _receivers = new ConcurrentDictionary<Type, IActorRef[]>();
            return true;
        }
    }

    /// <summary>Lets an actor receive no more events.</summary>
    /// <param name="subscriber">The actor.</param>
    /// <returns>Whether it did receive any.</returns>
    public virtual bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_lock)
        {
            var removed = false;
            foreach (var list in _subscribers.Values) removed |= list.Remove(subscriber);
            if (removed) _receivers = new ConcurrentDictionary<Type, IActorRef[]>();
            return removed;
        }
    }

    /// <summary>Delivers an event.</summary>
    /// <param name="event">The event.</param>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var type = @event.GetType();
        if (!Volatile.Read(ref _receivers).TryGetValue(type, out var receivers)) receivers = Find(type);
        foreach (var receiver in receivers) receiver.Tell(@event, ActorCell.Current);
    }

    private IActorRef[] Find(Type type)
    {
        lock (_lock)
        {
            var found = _subscribers.Where(s => s.Key.IsAssignableFrom(type)).SelectMany(s => s.Value).Distinct().ToArray();
            _receivers[type] = found;
            return found;
        }
    }
}
