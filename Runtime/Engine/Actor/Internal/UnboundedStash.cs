namespace Akka.Actor.Internal;

/// <summary>The stash of one actor instance.</summary>
internal sealed class UnboundedStash(ActorCell cell) : IStash
{
    private readonly LinkedList<Envelope> _messages = new();
    private long _lastStashed = -1;

    public int Count => _messages.Count;

    public bool IsEmpty => _messages.Count == 0;

    public bool NonEmpty => _messages.Count > 0;

    public bool IsFull => false;

    public int Capacity => -1;

    public void Stash()
    {
        var id = cell.CurrentEnvelopeId;
        if (id == _lastStashed)
            throw new IllegalActorStateException($"Can't stash the same message {cell.CurrentMessage} more than once");
        _lastStashed = id;
        _messages.AddLast(new Envelope(cell.CurrentMessage!, cell.Sender));
    }

    public void Unstash()
    {
        if (_messages.First is not { } first) return;
        _messages.RemoveFirst();
        cell.EnqueueFirst(first.Value);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (_messages.Count == 0) return;
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
        var messages = _messages.ToArray();
        _messages.Clear();
        return messages;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Distinct().Reverse()) _messages.AddFirst(envelope);
    }
}
