using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>Asking: sending a message and awaiting the answer.</summary>
public static class Futures
{
    /// <summary>Sends a message and awaits the answer.</summary>
    /// <param name="self">Whom to ask.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null: <c>akka.actor.ask-timeout</c>, which is for ever unless configured.</param>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Sends a message and awaits the answer.</summary>
    /// <param name="self">Whom to ask.</param>
    /// <param name="message">The question.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Sends a message and awaits the answer.</summary>
    /// <param name="self">Whom to ask.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null: <c>akka.actor.ask-timeout</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Sends a message and awaits an answer of a type.</summary>
    /// <typeparam name="T">The type; any other answer fails the task with <see cref="ArgumentException"/>.</typeparam>
    /// <param name="self">Whom to ask.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null: <c>akka.actor.ask-timeout</c>.</param>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Sends a message and awaits an answer of a type.</summary>
    /// <typeparam name="T">The type; any other answer fails the task with <see cref="ArgumentException"/>.</typeparam>
    /// <param name="self">Whom to ask.</param>
    /// <param name="message">The question.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Sends a message and awaits an answer of a type.</summary>
    /// <typeparam name="T">The type; any other answer fails the task with <see cref="ArgumentException"/>.</typeparam>
    /// <param name="self">Whom to ask.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null: <c>akka.actor.ask-timeout</c>. Then the task fails with <see
    /// cref="AskTimeoutException"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        Start<T>(self, message, null, timeout, cancellationToken);

    /// <summary>Sends a message that holds the asker, and awaits an answer of a type.</summary>
    /// <typeparam name="T">The type; any other answer fails the task with <see cref="ArgumentException"/>.</typeparam>
    /// <param name="self">Whom to ask.</param>
    /// <param name="messageFactory">Makes the question from the asker.</param>
    /// <param name="timeout">How long to wait; null: <c>akka.actor.ask-timeout</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout,
        CancellationToken cancellationToken) => Start<T>(self, null, messageFactory, timeout, cancellationToken);

    private static Task<T> Start<T>(ICanTell self, object? message, Func<IActorRef, object>? factory, TimeSpan? timeout,
        CancellationToken token)
    {
        var system = SystemOf(self) ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(self));
        var promise = new PromiseRef<T>(system);
        var limit = timeout ?? system.Settings.AskTimeout;
        if (limit > TimeSpan.Zero) promise.StartTimeout(limit);
        promise.CancelWith(token);
        self.Tell(factory is null ? message! : factory(promise), promise);
        return promise.Task;
    }

    private static ActorSystemImpl? SystemOf(ICanTell self)
    {
        while (self is ActorSelection selection) self = selection.Anchor;
        return (self as ActorRefBase)?.SystemImpl ?? ActorCell.Current?.SystemImpl;
    }
}
