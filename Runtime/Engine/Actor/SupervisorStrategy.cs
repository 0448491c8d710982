using Akka.Event;

namespace Akka.Actor;

/// <summary>What an actor does when one of its children fails.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stop for failed initialisation, <see cref="Kill"/> and broken death pacts; restart for everything else.</summary>
    public static IDecider DefaultDecider { get; } = Actor.Decider.From(Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(),
        Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    /// <summary>One for one, default decider, without limit.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops every child that fails.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    private protected SupervisorStrategy()
    {
    }

    /// <summary>Chooses the directive.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether failures are published as log events.</summary>
    protected bool LoggingEnabled { get; set; }

    /// <summary>The directive for a failure.</summary>
    /// <param name="child">Who failed.</param>
    /// <param name="exception">Why.</param>
    protected virtual Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    /// <summary>
    /// Publishes the failure: a warning when the child is resumed, an error when it is restarted or stopped, nothing when it is escalated.
    /// </summary>
    /// <param name="context">The supervisor.</param>
    /// <param name="child">Who failed.</param>
    /// <param name="cause">Why.</param>
    /// <param name="directive">What is done about it.</param>
    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate) return;
        var message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        var source = child.Path.ToString();
        context.System.EventStream.Publish(directive == Directive.Resume
            ? new Warning(cause, source, GetType(), message)
            : new Error(cause, source, GetType(), message));
    }

    internal abstract void ProcessFailure(ActorCell supervisor, bool restart, ActorCell child, Exception cause);

    /// <summary>False when the failure is to be escalated.</summary>
    internal bool HandleFailure(ActorCell supervisor, ActorCell child, Exception cause)
    {
        var directive = Handle(child, cause);
        LogFailure(supervisor, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.Resume(cause);
                return true;
            case Directive.Restart:
                ProcessFailure(supervisor, true, child, cause);
                return true;
            case Directive.Stop:
                ProcessFailure(supervisor, false, child, cause);
                return true;
            default:
                return false;
        }
    }
}
