namespace Akka.Actor;

/// <summary>
/// Where an actor puts messages aside until it can handle them. What is taken out goes to the front of the mailbox, in the order in which
/// it was
/// put aside. A restart or stop takes everything out.
/// </summary>
public interface IStash
{
    /// <summary>Messages in the stash.</summary>
    int Count { get; }

    /// <summary>Whether there are none.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether there are any.</summary>
    bool NonEmpty { get; }

    /// <summary>Whether it takes no more.</summary>
    bool IsFull { get; }

    /// <summary>How many it takes; -1: any number.</summary>
    int Capacity { get; }

    /// <summary>Puts the present message aside.</summary>
    /// <exception cref="IllegalActorStateException">It has been put aside already.</exception>
    void Stash();

    /// <summary>Takes out the oldest message.</summary>
    void Unstash();

    /// <summary>Takes out all messages.</summary>
    void UnstashAll();

    /// <summary>Takes out the messages that fit, and forgets the others.</summary>
    /// <param name="predicate">Which to take out.</param>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Empties the stash and gives what was in it.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages before those in the stash.</summary>
    /// <param name="envelopes">The messages, in order.</param>
    void Prepend(IEnumerable<Envelope> envelopes);
}
