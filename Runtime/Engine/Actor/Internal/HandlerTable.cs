namespace Akka.Actor.Internal;

/// <summary>The handlers of one behaviour of a <see cref="ReceiveActor"/>, tried in the order in which they were added.</summary>
internal sealed class HandlerTable
{
    private (MessageHandler Kind, Delegate Handler)[] _rows = [];
    private State _state;

    private enum State : byte
    {
        Adding,
        MatchAnyAdded,
        Built,
    }

    public void Add(MessageHandler kind, Delegate handler, bool matchesAll)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_state == State.MatchAnyAdded)
            throw new InvalidOperationException("A handler that catches all messages has been added. No handler can be added after that.");
        if (_state == State.Built)
            throw new InvalidOperationException("The partial action has been built. No handler can be added after that.");
        // Exactly as long as needed: behaviours are built once and there may be a million of them.
        Array.Resize(ref _rows, _rows.Length + 1);
        _rows[^1] = (kind, handler);
        if (matchesAll) _state = State.MatchAnyAdded;
    }

    public void Seal() => _state = State.Built;

    public bool Handle(object message)
    {
        foreach (ref readonly var row in _rows.AsSpan())
            if (row.Kind.TryHandle(message, row.Handler)) return true;
        return false;
    }
}
