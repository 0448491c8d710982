using Akka.Event;

namespace Akka.Actor;

/// <summary><c>/deadLetters</c>: publishes what could not be delivered.</summary>
internal sealed class DeadLetterRef(ActorSystemImpl system, ActorPath path) : EmptyRef(system, path)
{
    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null) throw new InvalidMessageException("Message is null");
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, ActorRefs.Nobody), null);
                break;
            case DeadLetter letter:
                if (!SpecialHandle(letter.Message, letter.Sender)) SystemImpl.EventStream.Publish(letter);
                break;
            default:
                if (!SpecialHandle(message, sender)) SystemImpl.EventStream.Publish(new DeadLetter(message, SenderOf(sender), this));
                break;
        }
    }
}
