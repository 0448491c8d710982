using System.Buffers;
using Akka.Actor;

namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>
/// What a carrier received and the directory's actor has not handled yet: bounded, the oldest goes first when it is full. The actor is told once
/// that there is something, not of each message. Outlives the actor; safe from any thread.
/// </summary>
public sealed class DirectoryInbox
{
    /// <summary>Messages that wait at most.</summary>
    public const int Capacity = 1024;

    private readonly Lock _lock = new();
    private Queue<Message>? _messages;
    private IActorRef _actor = ActorRefs.Nobody;
    private bool _told;
    private long _dropped;

    /// <summary>Messages lost because too many waited.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Messages that wait.</summary>
    public int Count
    {
        get { lock (_lock) return _messages?.Count ?? 0; }
    }

    /// <summary>Puts a message in; the bytes are copied. Longer ones than any message is are not taken.</summary>
    public void Post(ReadOnlySpan<byte> data)
    {
        if (data.Length > ushort.MaxValue)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(buffer);
        IActorRef? tell = null;
        lock (_lock)
        {
            _messages ??= new Queue<Message>();
            if (_messages.Count == Capacity)
            {
                ArrayPool<byte>.Shared.Return(_messages.Dequeue().Buffer);
                _dropped++;
            }
            _messages.Enqueue(new Message(buffer, data.Length));
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
            _told = _messages is { Count: > 0 };
            if (!_told) return;
        }
        actor.Tell(Arrived.Instance, ActorRefs.NoSender);
    }

    /// <summary>Takes the oldest message. When there is none, the next <see cref="Post"/> tells the actor again.</summary>
    internal bool TryTake(out Message message)
    {
        lock (_lock)
        {
            if (_messages is not null && _messages.TryDequeue(out message)) return true;
            _told = false;
            message = default;
            return false;
        }
    }

    /// <summary>A message; whoever took it returns the buffer to the shared pool.</summary>
    internal readonly record struct Message(byte[] Buffer, int Length);

    /// <summary>Something waits.</summary>
    internal sealed record Arrived
    {
        public static readonly Arrived Instance = new();
    }
}
