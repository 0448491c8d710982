using Akka.Actor;
using Ouroboros.Layers.Unicast.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// The flow allocator's end of data transfer: messages wait here, bounded, for its actor, which is told once that there are some. Updates of congestion
/// belong to their flow and are handed over in the thread that received them. Outlives the actor; safe from any thread.
/// </summary>
public sealed class FlowAllocatorInbox : IDataTransferComponent
{
    /// <summary>Messages that wait at most.</summary>
    public const int Capacity = 1023;

    private readonly UnicastFlowTable _flows;
    private readonly FlowAllocatorCounters _counters;
    private readonly PacketRing _messages;
    private volatile IActorRef _actor = ActorRefs.Nobody;
    private int _told;

    /// <summary>An empty one.</summary>
    public FlowAllocatorInbox(UnicastFlowTable flows, FlowAllocatorCounters counters, TimeProvider time)
    {
        _flows = flows;
        _counters = counters;
        _messages = new PacketRing(Capacity, time);
    }

    /// <summary>Messages that wait.</summary>
    public int Count => _messages.Count;

    /// <inheritdoc/>
    public void OnMessage(Packet message)
    {
        var bytes = message.Span;
        if (bytes.Length < FlowAllocatorMessage.FixedLength)
        {
            Drop(message, FlowAllocatorDrop.TooShort);
            return;
        }
        switch (FlowAllocatorMessage.CodeOf(bytes))
        {
            case FlowAllocatorCode.Update:
                OnUpdate(message);
                return;
            case FlowAllocatorCode.Request or FlowAllocatorCode.Reply or FlowAllocatorCode.Release:
                break;
            default:
                Drop(message, FlowAllocatorDrop.UnknownCode);
                return;
        }
        if (bytes.Length > FlowAllocatorMessage.MaxLength) Drop(message, FlowAllocatorDrop.TooLong);
        else if (_messages.TryWrite(message) != FlowError.None) Drop(message, FlowAllocatorDrop.QueueFull);
        else Wake();
    }

    /// <summary>The actor that empties it from now on; told at once when something waits.</summary>
    internal void Attach(IActorRef actor)
    {
        _actor = actor;
        Interlocked.Exchange(ref _told, 0);
        if (_messages.Count != 0) Wake();
    }

    /// <summary>To be called before a look: what comes after it is told of again.</summary>
    internal void Expect() => Interlocked.Exchange(ref _told, 0);

    /// <summary>Takes the oldest message; the caller owns it.</summary>
    internal bool TryTake(out Packet message) => _messages.TryRead(out message) == FlowError.None;

    /// <summary>Gives back what waits and takes nothing more.</summary>
    internal void Close()
    {
        _messages.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        _messages.Drain();
    }

    private void OnUpdate(Packet message)
    {
        if (!FlowAllocatorMessage.TryParse(message.Span, 0, out var update, out var drop)) _counters.Note(drop);
        else if (_flows.Find(update.Receiver)?.OnUpdate(update.Level) != true) _counters.Note(FlowAllocatorDrop.UnknownUpdate);
        message.Dispose();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0) _actor.Tell(Arrived.Instance, ActorRefs.NoSender);
    }

    private void Drop(Packet message, FlowAllocatorDrop reason)
    {
        _counters.Note(reason);
        message.Dispose();
    }

    /// <summary>Something waits.</summary>
    internal sealed record Arrived
    {
        public static readonly Arrived Instance = new();
    }
}
