using Akka.Actor;

namespace Akka.Pattern;

/// <summary>
/// Replaces the child, after growing delays, whenever it would have been restarted; ends with it when it stops by itself.
/// </summary>
internal sealed class BackoffOnRestartSupervisor : BackoffSupervisorBase
{
    private readonly OneForOneStrategy _strategy;

    // The child that failed and is being stopped; its end is followed by a start.
    private IActorRef? _stopping;

    private BackoffOnRestartSupervisor(BackoffPlan plan) : base(plan) => _strategy = (OneForOneStrategy)plan.Strategy;

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_strategy.MaxNumberOfRetries, _strategy.WithinTimeRangeMilliseconds, Decide);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_stopping):
                _stopping = null;
                Child = null;
                StartChildLater();
                return true;
            case BackoffSupervisor.StartChild when _stopping is not null:
                // One that is due after the end of the present child replaces it.
                return true;
            case Terminated terminated when terminated.ActorRef.Equals(Child):
                Context.Stop(Self);
                return true;
            default:
                return HandleBackoff(message);
        }
    }

    private Directive Decide(Exception cause)
    {
        var directive = _strategy.Decider.Decide(cause);
        if (directive != Directive.Restart) return directive;
        if (_strategy.WithinTimeRangeMilliseconds > 0 && RestartCountN == 0)
        {
            Context.System.Scheduler.ScheduleTellOnce(_strategy.WithinTimeRangeMilliseconds, Self,
                new BackoffSupervisor.ResetRestartCount(RestartCountN), Self);
        }
        if (_strategy.MaxNumberOfRetries >= 0 && RestartCountN + 1 > _strategy.MaxNumberOfRetries)
        {
            _stopping = null;
            Context.Stop(Self);
        }
        else
        {
            _stopping = Sender;
        }
        return Directive.Stop;
    }

    internal sealed class Producer(BackoffPlan plan) : IIndirectActorProducer
    {
        public Type ActorType => typeof(BackoffOnRestartSupervisor);

        public ActorBase Produce() => new BackoffOnRestartSupervisor(plan);

        public void Release(ActorBase actor)
        {
        }
    }
}
