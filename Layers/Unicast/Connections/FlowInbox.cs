using Akka.Actor;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>
/// Flows on their way to an actor: bounded, and none is lost if the actor ends meanwhile, because a flow in a message to nobody would never be released. The actor is
/// told that there is something. Safe from any thread.
/// </summary>
public sealed class FlowInbox
{
    private readonly Lock _lock = new();
    private readonly Queue<(LowerFlow Flow, long Tag)> _flows = new();
    private readonly int _capacity;
    private IActorRef _actor = ActorRefs.Nobody;
    private bool _closed;

    /// <summary>An empty one.</summary>
    /// <param name="capacity">Flows that wait at most.</param>
    public FlowInbox(int capacity) => _capacity = capacity;

    /// <summary>Puts a flow in; when it is full or closed, the flow is released.</summary>
    /// <returns>Whether it is in.</returns>
    public bool Post(LowerFlow flow, long tag = 0)
    {
        ArgumentNullException.ThrowIfNull(flow);
        IActorRef? tell = null;
        lock (_lock)
        {
            if (!_closed && _flows.Count < _capacity)
            {
                _flows.Enqueue((flow, tag));
                tell = _actor;
            }
        }
        if (tell is null) flow.Release();
        else tell.Tell(Arrived.Instance, ActorRefs.NoSender);
        return tell is not null;
    }

    /// <summary>Releases what waits and whatever comes from now on.</summary>
    public void Close()
    {
        lock (_lock) _closed = true;
        while (TryTake(out var flow, out _)) flow.Release();
    }

    /// <summary>The actor that empties it from now on; told at once when something waits.</summary>
    internal void Attach(IActorRef actor)
    {
        lock (_lock)
        {
            _actor = actor;
            if (_flows.Count == 0) return;
        }
        actor.Tell(Arrived.Instance, ActorRefs.NoSender);
    }

    /// <summary>Takes the oldest flow.</summary>
    internal bool TryTake(out LowerFlow flow, out long tag)
    {
        lock (_lock)
        {
            var taken = _flows.TryDequeue(out var entry);
            (flow, tag) = entry;
            return taken;
        }
    }

    /// <summary>Something waits.</summary>
    internal sealed record Arrived
    {
        public static readonly Arrived Instance = new();
    }
}
