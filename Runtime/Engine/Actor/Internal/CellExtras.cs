using Akka.Dispatch;
using Ouroboros.Engine.Inspection;

namespace Akka.Actor;

/// <summary>What only some cells need, so that the others do not pay for it.</summary>
internal sealed class CellExtras
{
    public Stack<Receive>? Behaviors;
    public SupervisorStrategy? Strategy;
    public ActorTaskScheduler? TaskScheduler;
    public ReceiveTimer? ReceiveTimer;

    /// <summary>Whom this actor watches, with the message that it wants in place of <see cref="Terminated"/>, or null.</summary>
    public Dictionary<IActorRef, object?>? Watching;

    /// <summary>Whose <see cref="Terminated"/> is in the mailbox and still wanted.</summary>
    public Dictionary<IActorRef, object?>? TerminatedQueued;
    public HashSet<ActorRefBase>? WatchedBy;

    /// <summary>Who failed: this actor, or the child whose failure it escalated. Null when it has not failed.</summary>
    public IActorRef? Perpetrator;

    /// <summary>System messages that wait, latest first.</summary>
    public SystemMessage? Waiting;

    // For the supervisor's limit of restarts.
    public int Retries;
    public long RetryWindowStart;

    // For inspection.
    public int Restarts;
    public Exception? LastFailure;
    public DateTimeOffset LastFailureTime;
    /// <summary>Type of the instance that failed and was stopped for it, or null.</summary>
    public volatile Type? StoppedByFailure;
    public FailedChildren? FailedChildren;

    /// <summary>Whether the event stream knows this actor.</summary>
    public volatile bool Subscribed;

    /// <summary>The thread of an actor that has one of its own.</summary>
    public PinnedThread? PinnedThread;
}
