using Akka.Actor;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>
/// Messages of neighbours that the routing actor has not handled yet: bounded, the newest is refused when it is full, since it comes again with the
/// next announcement. The actor is told once that there is something, not of each message. Outlives the actor; safe from any thread; allocates
/// nothing once it has grown.
/// </summary>
public sealed class RoutingInbox
{
    /// <summary>Messages that wait at most.</summary>
    public const int Capacity = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<Message> _messages = [];
    private IActorRef _actor = ActorRefs.Nobody;
    private bool _told;
    private long _dropped;

    /// <summary>Messages lost because too many waited.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Puts a message in; the bytes are copied. Empty ones are keep-alives and nobody's concern.</summary>
    public void Post(int flow, ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty) return;
        IActorRef? tell = null;
        lock (_lock)
        {
            if (_messages.Count == Capacity)
            {
                _dropped++;
                return;
            }
            _messages.Enqueue(new Message(flow, message));
            if (!_told)
            {
                _told = true;
                tell = _actor;
            }
        }
        tell?.Tell(Arrived.Instance, ActorRefs.NoSender);
    }

    /// <summary>The actor that empties it from now on; told at once when something waits.</summary>
    internal void Attach(IActorRef actor)
    {
        lock (_lock)
        {
            _actor = actor;
            _told = _messages.Count > 0;
            if (!_told) return;
        }
        actor.Tell(Arrived.Instance, ActorRefs.NoSender);
    }

    /// <summary>Takes the oldest message. When there is none, the next <see cref="Post"/> tells the actor again.</summary>
    internal bool TryTake(out Message message)
    {
        lock (_lock)
        {
            if (_messages.TryDequeue(out message)) return true;
            _told = false;
            return false;
        }
    }

    /// <summary>A message: no more of it than the longest one has, and one byte that shows that it was longer.</summary>
    internal readonly struct Message
    {
        private readonly Bytes _bytes;
        private readonly byte _length;

        public Message(int flow, ReadOnlySpan<byte> message)
        {
            Flow = flow;
            _length = (byte)Math.Min(message.Length, Bytes.Length);
            message[.._length].CopyTo(_bytes);
        }

        public int Flow { get; }

        public void CopyTo(Span<byte> buffer, out int length)
        {
            length = _length;
            ((ReadOnlySpan<byte>)_bytes)[..length].CopyTo(buffer);
        }

        [System.Runtime.CompilerServices.InlineArray(Length)]
        private struct Bytes
        {
            public const int Length = Lsa.AnnouncementSize + 1;
            private byte _first;
        }
    }

    /// <summary>Something waits.</summary>
    internal sealed record Arrived
    {
        public static readonly Arrived Instance = new();
    }
}
