using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>
/// An actor whose behaviours are lists of typed handlers, given in its constructor and inside <see cref="Become(Action)"/>; the first that
/// fits
/// handles the message.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    private HandlerTable _handlers = new();

    // The table that Receive calls go to now: that of the constructor, then those of Become.
    private HandlerTable? _open;

    /// <summary>Called by the engine.</summary>
    protected ReceiveActor() => _open = _handlers;

    /// <inheritdoc/>
    protected sealed override void OnReceive(object message)
    {
        if (!_handlers.Handle(message)) Unhandled(message);
    }

    /// <summary>Replaces the behaviour.</summary>
    /// <param name="configure">Calls <c>Receive</c> for each handler of the new behaviour.</param>
    protected void Become(Action configure)
    {
        var table = Configure(configure);
        base.Become(m => Execute(table, m));
    }

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="configure">Calls <c>Receive</c> for each handler of the new behaviour.</param>
    protected void BecomeStacked(Action configure)
    {
        var table = Configure(configure);
        base.BecomeStacked(m => Execute(table, m));
    }

    /// <summary>Handles messages of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="handler">Handles them.</param>
    /// <param name="shouldHandle">Whether it wants this one; null: all.</param>
    /// <exception cref="InvalidOperationException">Called outside the constructor and <see cref="Become(Action)"/>, or after a handler of
    /// everything.</exception>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(MessageHandlers.ActionOf<T>.Instance, handler, shouldHandle);

    /// <summary>Handles messages of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="shouldHandle">Whether it wants this one.</param>
    /// <param name="handler">Handles them.</param>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of a type, or says that it does not.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="handler">True when it has handled the message.</param>
    protected void Receive<T>(Func<T, bool> handler) => Table().Add(MessageHandlers.FuncOf<T>.Instance, handler, false);

    /// <summary>Handles messages of a type.</summary>
    /// <param name="messageType">The type.</param>
    /// <param name="handler">Handles them.</param>
    /// <param name="shouldHandle">Whether it wants this one; null: all.</param>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(messageType, MessageHandlers.ActionOf<object>.Instance, handler, shouldHandle);

    /// <summary>Handles messages of a type.</summary>
    /// <param name="messageType">The type.</param>
    /// <param name="shouldHandle">Whether it wants this one.</param>
    /// <param name="handler">Handles them.</param>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    /// <summary>Handles messages of a type, or says that it does not.</summary>
    /// <param name="messageType">The type.</param>
    /// <param name="handler">True when it has handled the message.</param>
    protected void Receive(Type messageType, Func<object, bool> handler) =>
        Table().Add(new MessageHandlers.OfType(MessageHandlers.FuncOf<object>.Instance, messageType), handler, false);

    /// <summary>Handles every message; must come last.</summary>
    /// <param name="handler">Handles them.</param>
    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>Handles messages of a type asynchronously; no other message is handled before the task has ended.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="handler">Handles them.</param>
    /// <param name="shouldHandle">Whether it wants this one; null: all.</param>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Add(MessageHandlers.AsyncOf<T>.Instance, handler, shouldHandle);

    /// <summary>Handles messages of a type asynchronously; no other message is handled before the task has ended.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="shouldHandle">Whether it wants this one.</param>
    /// <param name="handler">Handles them.</param>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Handles messages of a type asynchronously; no other message is handled before the task has ended.</summary>
    /// <param name="messageType">The type.</param>
    /// <param name="handler">Handles them.</param>
    /// <param name="shouldHandle">Whether it wants this one; null: all.</param>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Add(messageType, MessageHandlers.AsyncOf<object>.Instance, handler, shouldHandle);

    /// <summary>Handles every message asynchronously; must come last.</summary>
    /// <param name="handler">Handles them.</param>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync(handler);

    internal override void Initialize()
    {
        _handlers.Seal();
        _open = null;
    }

    private void Execute(HandlerTable table, object message)
    {
        if (!table.Handle(message)) Unhandled(message);
    }

    private HandlerTable Configure(Action configure)
    {
        var outer = _open;
        var table = new HandlerTable();
        _open = table;
        try
        {
            configure();
        }
        finally
        {
            _open = outer;
        }
        table.Seal();
        return table;
    }

    private void Add<T>(MessageHandler kind, Delegate handler, Predicate<T>? shouldHandle) =>
        Table().Add(shouldHandle is null ? kind : new MessageHandlers.When<T>(kind, shouldHandle), handler,
            shouldHandle is null && typeof(T) == typeof(object));

    private void Add(Type messageType, MessageHandler kind, Delegate handler, Predicate<object>? shouldHandle)
    {
        var inner = shouldHandle is null ? kind : new MessageHandlers.When<object>(kind, shouldHandle);
        Table().Add(new MessageHandlers.OfType(inner, messageType), handler, shouldHandle is null && messageType == typeof(object));
    }

    private HandlerTable Table() =>
        _open ?? throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become().");
}
