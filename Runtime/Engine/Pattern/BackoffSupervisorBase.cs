using Akka.Actor;

namespace Akka.Pattern;

/// <summary>A supervisor of one child, to which it forwards all messages, and which it starts again after delays.</summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    private readonly BackoffPlan _plan;

    internal BackoffSupervisorBase(BackoffPlan plan) => _plan = plan;

    private protected IActorRef? Child { get; set; }

    private protected int RestartCountN { get; set; }

    private protected bool FinalStopMessageReceived { get; private set; }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        StartChild();
        base.PreStart();
    }

    /// <summary>Has the child started again after the delay that is due.</summary>
    private protected void StartChildLater()
    {
        Context.System.Scheduler.ScheduleTellOnce(_plan.Delay(RestartCountN), Self, BackoffSupervisor.StartChild.Instance, Self);
        RestartCountN++;
    }

    private protected bool HandleBackoff(object message)
    {
        switch (message)
        {
            case BackoffSupervisor.StartChild:
                StartChild();
                if (_plan.AutoReset is { } after)
                    Context.System.Scheduler.ScheduleTellOnce(after, Self, new BackoffSupervisor.ResetRestartCount(RestartCountN), Self);
                break;
            case BackoffSupervisor.Reset when _plan.AutoReset is null:
                RestartCountN = 0;
                break;
            case BackoffSupervisor.Reset:
                Unhandled(message);
                break;
            case BackoffSupervisor.ResetRestartCount reset:
                if (reset.Current == RestartCountN) RestartCountN = 0;
                break;
            case BackoffSupervisor.GetRestartCount:
                Sender.Tell(new BackoffSupervisor.RestartCount(RestartCountN));
                break;
            case BackoffSupervisor.GetCurrentChild:
                Sender.Tell(new BackoffSupervisor.CurrentChild(Child!));
                break;
            default:
                Pass(message);
                break;
        }
        return true;
    }

    private void Pass(object message)
    {
        if (Child is null)
        {
            if (_plan.ReplyWhileStopped is null) Context.System.DeadLetters.Forward(message);
            else Sender.Tell(_plan.ReplyWhileStopped);
            if (_plan.FinalStopMessage is not null && _plan.FinalStopMessage(message)) Context.Stop(Self);
        }
        else if (Child.Equals(Sender))
        {
            // The child is hidden behind its supervisor.
            Context.Parent.Tell(message);
        }
        else
        {
            Child.Forward(message);
            if (!FinalStopMessageReceived && _plan.FinalStopMessage is not null) FinalStopMessageReceived = _plan.FinalStopMessage(message);
        }
    }

    private void StartChild() => Child ??= Context.Watch(Context.ActorOf(_plan.ChildProps, _plan.ChildName));
}
