namespace Akka.Actor;

/// <content>System messages: in order, but some wait while the actor is suspended or waits for its children.</content>
internal sealed partial class ActorCell
{
    private const int Normal = 0;
    private const int Suspended = 1;
    private const int WaitingForChildren = 2;

    private void HandleSystemMessages()
    {
        while (true)
        {
            if (IsTerminated) return;
            var messages = Reverse(Interlocked.Exchange(ref _system, null));
            if (messages is null) return;
            HandleSystemMessages(messages);
        }
    }

    private void HandleSystemMessages(SystemMessage? messages)
    {
        var state = SystemState();
        while (messages is not null)
        {
            var message = messages;
            messages = message.Next;
            message.Next = null;
            if ((state == WaitingForChildren && message.WaitsForChildren) || (state == Suspended && message.WaitsForResume))
            {
                var extras = Extras;
                message.Next = extras.Waiting;
                extras.Waiting = message;
            }
            else
            {
                try
                {
                    message.Apply(this);
                }
                catch (Exception e)
                {
                    HandleInvokeFailure(e, null, null);
                }
            }
            var next = SystemState();
            if (next < state) messages = Prepend(TakeWaiting(), messages);
            state = next;
            if (!IsTerminated) continue;
            for (; messages is not null; messages = message)
            {
                message = messages.Next!;
                SystemImpl.DeadLetterRef.SendSystem(messages);
            }
        }
    }

    private static SystemMessage? Reverse(SystemMessage? latestFirst) => Prepend(latestFirst, null);

    /// <summary>Turns a list around and puts it before another.</summary>
    private static SystemMessage? Prepend(SystemMessage? latestFirst, SystemMessage? rest)
    {
        if (ReferenceEquals(latestFirst, SystemMessage.Closed)) return rest;
        while (latestFirst is not null)
        {
            var next = latestFirst.Next;
            latestFirst.Next = rest;
            rest = latestFirst;
            latestFirst = next;
        }
        return rest;
    }

    private SystemMessage? TakeWaiting()
    {
        if (_extras is not { } extras) return null;
        var waiting = extras.Waiting;
        extras.Waiting = null;
        return waiting;
    }

    private int SystemState() =>
        _children is { IsWaiting: true } ? WaitingForChildren : Volatile.Read(ref _state) >= SuspendUnit ? Suspended : Normal;
}
