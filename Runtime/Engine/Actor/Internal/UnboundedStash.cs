namespace Akka.Actor.Internal;

/// <summary>The stash of one actor instance.</summary>
internal sealed class UnboundedStash(ActorCell cell) : IStash
{
    // Made when it is needed: many actors that may stash never do.
    private LinkedList<Envelope>? _messages;
    private long _lastStashed = -1;

    public int Count => _messages?.Count ?? 0;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => Count > 0;

    public bool IsFull => false;

    public int Capacity => -1;

    public void Stash()
    {
        var id = cell.CurrentEnvelopeId;
        if (id == _lastStashed)
            throw new IllegalActorStateException($"Can't stash the same message {cell.CurrentMessage} more than once");
        _lastStashed = id;
        (_messages ??= new LinkedList<Envelope>()).AddLast(new Envelope(cell.CurrentMessage!, cell.Sender));
    }

    public void Unstash()
    {
        if (_messages?.First is not { } first) return;
        _messages.RemoveFirst();
        cell.EnqueueFirst(first.Value);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (_messages is null) return;
        try
        {
            for (var node = _messages.Last; node is not null; node = node.Previous)
                if (predicate(node.Value)) cell.EnqueueFirst(node.Value);
        }
        finally
        {
            _messages.Clear();
        }
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var messages = _messages?.ToArray() ?? [];
        _messages = null;
        return messages;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        _messages ??= new LinkedList<Envelope>();
        foreach (var envelope in envelopes.Distinct().Reverse()) _messages.AddFirst(envelope);
    }
}
