using Akka.Event;

namespace Akka.Actor;

/// <content>
/// The mailbox. Senders push on <c>_inbox</c>, a lock-free stack; whoever pushes on an empty one schedules the cell. The cell takes the
/// whole stack
/// at once and reverses it into <c>_queue</c>, which only it touches. System messages have a stack of their own and go first.
/// </content>
internal sealed partial class ActorCell
{
    private const int ScheduledBit = 1;
    private const int ClosedBit = 2;
    private const int SuspendUnit = 4;

    /// <summary>
    /// Messages that wait, counted now: nothing is kept up to date for it. Exact while nobody sends and the actor does not run, near
    /// otherwise; a
    /// message that is taken out meanwhile ends the count early.
    /// </summary>
    public int MailboxDepth => Count(Volatile.Read(ref _queue)) + Count(Volatile.Read(ref _inbox));

    public bool IsTerminated => (Volatile.Read(ref _state) & ClosedBit) != 0;

    public int SuspendCount => Volatile.Read(ref _state) / SuspendUnit;

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        var mail = new Mail(message, sender);
        var head = Volatile.Read(ref _inbox);
        while (true)
        {
            if (ReferenceEquals(head, Mail.Closed))
            {
                ToDeadLetters(message, sender);
                return;
            }
            mail.Next = head;
            var seen = Interlocked.CompareExchange(ref _inbox, mail, head);
            if (ReferenceEquals(seen, head)) break;
            head = seen;
        }
        if (head is null) ScheduleForUser();
    }

    public override void SendSystem(SystemMessage message)
    {
        var head = Volatile.Read(ref _system);
        while (true)
        {
            if (ReferenceEquals(head, SystemMessage.Closed))
            {
                SystemImpl.DeadLetterRef.SendSystem(message);
                return;
            }
            message.Next = head;
            var seen = Interlocked.CompareExchange(ref _system, message, head);
            if (ReferenceEquals(seen, head)) break;
            head = seen;
        }
        ScheduleForSystem();
    }

    /// <summary>Puts a message at the front of the mailbox. Only while the actor runs.</summary>
    public void EnqueueFirst(Envelope envelope)
    {
        var mail = new Mail(envelope.Message, envelope.Sender);
        mail.Next = _queue;
        _queue = mail;
        if (envelope.Message is Terminated terminated) (Extras.TerminatedQueued ??= [])[terminated.ActorRef] = null;
    }

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Handles system messages, then as many user messages as the dispatcher allows. Never on two threads at once.</summary>
    public void Run()
    {
        var previous = _current;
        _current = this;
        var more = false;
        try
        {
            if (!_createTried) CreateFirst();
            if (Volatile.Read(ref _system) is not null) HandleSystemMessages();
            more = HandleUserMessages();
        }
        finally
        {
            _current = previous;
        }
        if (more && Volatile.Read(ref _state) == ScheduledBit)
        {
            // Still scheduled: behind those who wait already.
            _dispatcher.Reschedule(this);
            return;
        }
        Interlocked.And(ref _state, ~ScheduledBit);
        if (Volatile.Read(ref _system) is { } system && !ReferenceEquals(system, SystemMessage.Closed)) ScheduleForSystem();
        else if (Volatile.Read(ref _inbox) is not null || Volatile.Read(ref _queue) is not null) ScheduleForUser();
    }

    private bool HandleUserMessages()
    {
        var left = _dispatcher.Throughput;
        while ((Volatile.Read(ref _state) & ~ScheduledBit) == 0)
        {
            var mail = _queue ?? TakeInbox();
            if (mail is null) return false;
            _queue = mail.Next;
            // Or an old dead mail would keep all younger ones alive until it is collected.
            mail.Next = null;
            Invoke(mail.Message!, mail.Sender);
            if (Volatile.Read(ref _system) is not null) HandleSystemMessages();
            if (--left <= 0) return _queue is not null || Volatile.Read(ref _inbox) is not null;
        }
        return false;
    }

    /// <summary>Takes what was sent since the last time, oldest first.</summary>
    private Mail? TakeInbox()
    {
        if (Volatile.Read(ref _inbox) is null) return null;
        var mail = Interlocked.Exchange(ref _inbox, null);
        Mail? oldest = null;
        while (mail is not null)
        {
            var next = mail.Next;
            mail.Next = oldest;
            oldest = mail;
            mail = next;
        }
        return oldest;
    }

    private void Invoke(object message, IActorRef? sender)
    {
        _message = message;
        // Mostly it is the same one as before, and a look is cheaper than a write that the collector must know of.
        if (!ReferenceEquals(_sender, sender)) _sender = sender;
        _processed++;
        _extras?.ReceiveTimer?.Pause(message);
        try
        {
            if (message is IAutoReceivedMessage) AutoReceive(message);
            else Receive(message);
            // A handler that awaited and failed at once has reported it already, and a restart wants to know the message.
            if (!IsFailed) _message = null;
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, null, null);
        }
        _extras?.ReceiveTimer?.Continue(message);
    }

    private void Receive(object message)
    {
        var actor = _actor!;
        if (message is Internal.TimerMessage timer)
        {
            if ((actor as IWithTimers)?.Timers is not TimerScheduler timers || timers.Accept(timer) is not { } accepted) return;
            _message = message = accepted;
            if (message is IAutoReceivedMessage)
            {
                AutoReceive(message);
                return;
            }
        }
        var handled = _extras?.Behaviors is { Count: > 0 } behaviors ? behaviors.Peek()(message) : actor.ReceiveInternal(message);
        if (!handled) actor.UnhandledInternal(message);
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case PoisonPill:
                Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case SelectionMessage selection:
                new ActorSelection(this, selection.Elements).Deliver(selection.Message, _sender, selection.FannedOut);
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, this), this);
                break;
        }
    }

    // Ends: a mail points to an older one, or after it was taken over to a younger one, and this changes once.
    private static int Count(Mail? mail)
    {
        var count = 0;
        for (; mail is not null && !ReferenceEquals(mail, Mail.Closed); mail = mail.Next) count++;
        return count;
    }

    private void ScheduleForUser()
    {
        var state = Volatile.Read(ref _state);
        while (state == 0)
        {
            var seen = Interlocked.CompareExchange(ref _state, ScheduledBit, 0);
            if (seen == 0)
            {
                _dispatcher.Execute(this);
                return;
            }
            state = seen;
        }
    }

    private void ScheduleForSystem()
    {
        var state = Volatile.Read(ref _state);
        while ((state & (ScheduledBit | ClosedBit)) == 0)
        {
            var seen = Interlocked.CompareExchange(ref _state, state | ScheduledBit, state);
            if (seen == state)
            {
                _dispatcher.Execute(this);
                return;
            }
            state = seen;
        }
    }

    /// <summary>No user message is handled before the same number of <see cref="ResumeMailbox"/>.</summary>
    public void SuspendMailbox() => Interlocked.Add(ref _state, SuspendUnit);

    /// <summary>Only while the actor runs: it looks for messages before it goes idle.</summary>
    public void ResumeMailbox()
    {
        if (Volatile.Read(ref _state) >= SuspendUnit) Interlocked.Add(ref _state, -SuspendUnit);
    }

    /// <summary>Takes no more messages; those that wait become dead letters.</summary>
    private void CloseMailbox()
    {
        Interlocked.Or(ref _state, ClosedBit);
        for (var message = Reverse(Interlocked.Exchange(ref _system, SystemMessage.Closed)); message is not null;)
        {
            var next = message.Next;
            SystemImpl.DeadLetterRef.SendSystem(message);
            message = next;
        }
        var waiting = _queue;
        _queue = null;
        while (true)
        {
            for (; waiting is not null; waiting = waiting.Next) ToDeadLetters(waiting.Message!, waiting.Sender);
            waiting = TakeInbox();
            if (waiting is null && Interlocked.CompareExchange(ref _inbox, Mail.Closed, null) is null) break;
        }
    }

    private void ToDeadLetters(object message, IActorRef? sender)
    {
        var deadLetters = SystemImpl.DeadLetterRef;
        deadLetters.Tell(message as DeadLetter ?? new DeadLetter(message, sender ?? deadLetters, this), sender);
    }
}
