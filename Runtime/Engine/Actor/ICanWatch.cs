namespace Akka.Actor;

/// <summary>Something that can be told when actors terminate.</summary>
public interface ICanWatch
{
    /// <summary>Asks for a <see cref="Terminated"/> when <paramref name="subject"/> has stopped; watching twice is watching once.</summary>
    /// <param name="subject">Whom to watch.</param>
    IActorRef Watch(IActorRef subject);

    /// <summary>Asks for <paramref name="message"/> in place of <see cref="Terminated"/>; no effect when already watched.</summary>
    /// <param name="subject">Whom to watch.</param>
    /// <param name="message">What to receive.</param>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Stops watching; a notice that is queued already does not arrive any more.</summary>
    /// <param name="subject">Whom to watch no longer.</param>
    IActorRef Unwatch(IActorRef subject);
}
