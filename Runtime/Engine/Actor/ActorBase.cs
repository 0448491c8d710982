using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Base of all actors. An instance handles one message at a time, is made by the engine only, and is replaced by a fresh one when it is
/// restarted.
/// </summary>
public abstract class ActorBase
{
    // Set when the instance has ended: what it sends then comes from nobody.
    private IActorRef? _clearedSelf;

    /// <summary>Called by the engine.</summary>
    /// <exception cref="ActorInitializationException">The actor is made with <c>new</c> outside the engine.</exception>
    protected ActorBase()
    {
        var cell = ActorCell.Current
            ?? throw new ActorInitializationException("Do not create actors using 'new', always create them using an ActorContext/System");
        if (this is IWithTimers withTimers) withTimers.Timers = new TimerScheduler(cell);
    }

    /// <summary>Who sent the message that is handled now; dead letters when nobody did.</summary>
    protected IActorRef Sender => Context.Sender;

    /// <summary>This actor.</summary>
    protected IActorRef Self => _clearedSelf ?? Context.Self;

    /// <summary>What the actor sees of its surroundings.</summary>
    /// <exception cref="NotSupportedException">No actor runs on this thread, as after <c>await</c> outside <c>ReceiveAsync</c>.</exception>
    protected static IActorContext Context => ActorCell.Current ?? throw NoContext();

    /// <summary>A behaviour that handles nothing.</summary>
    protected static Receive EmptyReceive => static _ => false;

    /// <summary>Handles a message; false means unhandled.</summary>
    /// <param name="message">The message.</param>
    protected abstract bool Receive(object message);

    /// <summary>
    /// Called for messages that no behaviour handled: publishes <see cref="UnhandledMessage"/>; breaks the pact on <see
    /// cref="Terminated"/>.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <exception cref="DeathPactException">The message is <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        var context = Context;
        context.System.EventStream.Publish(new UnhandledMessage(message, context.Sender, context.Self));
    }

    /// <summary>Replaces the behaviour.</summary>
    /// <param name="receive">Handles messages from now on; false means unhandled.</param>
    protected void Become(Receive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="receive">Handles messages until <see cref="UnbecomeStacked"/>.</param>
    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    /// <summary>Goes back to the behaviour below.</summary>
    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    /// <summary>Sends <see cref="ReceiveTimeout"/> to this actor whenever it gets no message for so long; null ends it.</summary>
    /// <param name="timeout">How long, or null.</param>
    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);

    /// <summary>How this actor supervises its children.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>Called before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Called after the last message, when all children have stopped.</summary>
    protected virtual void PostStop()
    {
    }

#nullable disable
    /// <summary>Called on the failed instance before it is replaced; stops all children and calls <see cref="PostStop"/>.</summary>
    /// <param name="reason">Why it failed.</param>
    /// <param name="message">The message that it failed on; null when it did not fail itself.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        var context = Context;
        foreach (var child in context.GetChildren())
        {
            context.Unwatch(child);
            context.Stop(child);
        }
        PostStop();
    }

    /// <summary>Called on the fresh instance; calls <see cref="PreStart"/>.</summary>
    /// <param name="reason">Why the one before failed.</param>
    protected virtual void PostRestart(Exception reason) => PreStart();
#nullable restore

    internal bool ReceiveInternal(object message) => Receive(message);

    internal void UnhandledInternal(object message) => Unhandled(message);

    internal SupervisorStrategy SupervisorStrategyInternal() => SupervisorStrategy();

    internal void PreStartInternal() => PreStart();

    internal void PostStopInternal()
    {
        if (this is IWithTimers withTimers) withTimers.Timers?.CancelAll();
        PostStop();
    }

    internal void PreRestartInternal(Exception reason, object? message)
    {
        if (this is IWithTimers withTimers) withTimers.Timers?.CancelAll();
        PreRestart(reason, message!);
    }

    internal void PostRestartInternal(Exception reason) => PostRestart(reason);

    internal void Clear(IActorRef self) => _clearedSelf = self;

    internal void Unclear() => _clearedSelf = null;

    /// <summary>Called once per instance, after its constructor.</summary>
    internal virtual void Initialize()
    {
    }

    private protected static NotSupportedException NoContext() =>
        new("There is no active ActorContext, this is most likely due to use of async operations from within this actor.");
}
