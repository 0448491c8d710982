using Akka.Event;

namespace Akka.Actor;

/// <summary>The reference of a place where no actor is: what is sent to it becomes a dead letter.</summary>
internal class EmptyRef(ActorSystemImpl system, ActorPath path) : ActorRefBase
{
    public override ActorPath Path => path;

    public override ActorSystemImpl SystemImpl => system;

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null) throw new InvalidMessageException("Message is null");
        if (message is DeadLetter letter) SpecialHandle(letter.Message, letter.Sender);
        else if (!SpecialHandle(message, sender)) system.EventStream.Publish(new DeadLetter(message, SenderOf(sender), this));
    }

    public override void SendSystem(SystemMessage message)
    {
        if (message is WatchMessage watch && !watch.Watcher.Equals(this))
            watch.Watcher.SendSystem(new DeathWatchNotification(watch.Watchee, false));
    }

    protected IActorRef SenderOf(IActorRef? sender) => sender.IsNobody() ? system.DeadLetters : sender!;

    protected bool SpecialHandle(object message, IActorRef? sender)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), null);
                return true;
            case SelectionMessage selection:
                if (selection.Message is Identify question)
                {
                    if (!selection.FannedOut) sender?.Tell(new ActorIdentity(question.MessageId, null), null);
                }
                else if (selection.Message is IDeadLetterSuppression suppressed)
                {
                    system.EventStream.Publish(new SuppressedDeadLetter(suppressed, SenderOf(sender), this));
                }
                else
                {
                    system.EventStream.Publish(new DeadLetter(selection.Message, SenderOf(sender), this));
                }
                return true;
            case IDeadLetterSuppression suppressed:
                system.EventStream.Publish(new SuppressedDeadLetter(suppressed, SenderOf(sender), this));
                return true;
            default:
                return false;
        }
    }
}
