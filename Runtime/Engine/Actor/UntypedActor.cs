using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>An actor with one method for all messages.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>What the actor sees of its surroundings.</summary>
    protected static new IUntypedActorContext Context => ActorCell.Current ?? throw NoContext();

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message; call <c>Unhandled</c> for those that it does not know.</summary>
    /// <param name="message">The message.</param>
    protected abstract void OnReceive(object message);

    /// <summary>Runs an asynchronous action; no message is handled before it has ended.</summary>
    /// <param name="action">The action.</param>
    protected void RunTask(Action action) => ActorTaskScheduler.RunTask(action);

    /// <summary>Runs an asynchronous action; no message is handled before it has ended.</summary>
    /// <param name="action">The action.</param>
    protected void RunTask(Func<Task> action) => ActorTaskScheduler.RunTask(action);

    /// <summary>Replaces the behaviour.</summary>
    /// <param name="receive">Handles messages from now on.</param>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="receive">Handles messages until <c>UnbecomeStacked</c>.</param>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}
