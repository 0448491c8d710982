using Akka.Event;
using Ouroboros.Engine.Inspection;

namespace Akka.Actor;

/// <content>Creation, failure, restart and end.</content>
internal sealed partial class ActorCell
{
    private bool IsFailed => _extras?.Perpetrator is not null;

    public bool HasFailed => IsFailed && _phase is not (ActorPhase.Stopping or ActorPhase.Stopped);

    public void Suspend() => SendSystem(new SuspendMessage());

    public void Resume(Exception? causedByFailure) => SendSystem(new ResumeMessage(causedByFailure));

    public void Restart(Exception cause) => SendSystem(new RecreateMessage(cause));

    public override void Stop() => SendSystem(new TerminateMessage());

    private void CreateFirst()
    {
        _createTried = true;
        try
        {
            Create();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, null, null);
        }
    }

    private void Create()
    {
        _phase = ActorPhase.Starting;
        try
        {
            _actor = MakeInstance();
            _actor.PreStartInternal();
            _extras?.ReceiveTimer?.Continue(null);
            _phase = ActorPhase.Running;
        }
        catch (Exception e)
        {
            if (_actor is not null)
            {
                ClearActor(_actor);
                _actor = null;
            }
            throw new ActorInitializationException(this, "Exception during creation", e);
        }
    }

    private ActorBase MakeInstance()
    {
        if (_extras is { } extras)
        {
            extras.Behaviors = null;
            extras.Strategy = null;
        }
        var actor = _props.NewActorInstance();
        if (actor is IActorStash stashing) stashing.Stash = new Internal.UnboundedStash(this);
        actor.Initialize();
        return actor;
    }

    private void ClearActor(ActorBase actor)
    {
        if (actor is IDisposable disposable)
        {
            try
            {
                disposable.Dispose();
            }
            catch (Exception e)
            {
                SystemImpl.Log.Error(e, "An error occurred while disposing {0} actor. Reason: {1}", actor.GetType(), e.Message);
            }
        }
        _props.Release(actor);
        actor.Clear(SystemImpl.DeadLetters);
        _message = null;
        if (_extras is { } extras) extras.Behaviors = null;
    }

    /// <summary>Suspends actor and children, and asks the supervisor what to do.</summary>
    /// <param name="cause">What was thrown.</param>
    /// <param name="escalated">The child whose failure it is, or null.</param>
    /// <param name="notToSuspend">Children that are to be left alone, or null.</param>
    private void HandleInvokeFailure(Exception cause, ActorCell? escalated, ActorCell[]? notToSuspend)
    {
        if (IsFailed) return;
        var extras = Extras;
        extras.LastFailure = cause;
        extras.LastFailureTime = SystemImpl.TimeProvider.GetUtcNow();
        try
        {
            SuspendMailbox();
            extras.Perpetrator = (IActorRef?)escalated ?? this;
            if (_children is not null)
            {
                foreach (var child in _children.ToArray())
                    if (!ReferenceEquals(child, escalated) && (notToSuspend is null || !notToSuspend.Contains(child))) child.Suspend();
            }
            _parent.SendSystem(new Failed(this, cause));
        }
        catch (Exception e)
        {
            Publish(new Error(e, Path.ToString(), InstanceType, "Emergency stop: exception in failure handling for " + cause));
            try
            {
                StopChildren();
            }
            finally
            {
                FinishTerminate();
            }
        }
    }

    /// <summary>A child failed: the strategy decides.</summary>
    public void HandleFailed(Failed failed)
    {
        var child = failed.Child;
        // A failure of a child that has been replaced meanwhile is nobody's business any more.
        if (_children is null || !_children.Contains(child)) return;
        _message = null;
        _sender = child;
        try
        {
            if (!Strategy().HandleFailure(this, child, failed.Cause)) HandleInvokeFailure(failed.Cause, child, null);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, child, null);
        }
    }

    private SupervisorStrategy Strategy() =>
        Extras.Strategy ??= _props.SupervisorStrategy ?? _actor?.SupervisorStrategyInternal() ?? SupervisorStrategy.DefaultStrategy;

    public bool RequestRestartPermission(int maxRetries, int withinMilliseconds)
    {
        if (maxRetries == 0) return false;
        var extras = Extras;
        if (withinMilliseconds <= 0) return maxRetries < 0 || ++extras.Retries <= maxRetries;
        var now = SystemImpl.Timers.Now;
        if (extras.RetryWindowStart == 0) extras.RetryWindowStart = now;
        if (now - extras.RetryWindowStart <= withinMilliseconds * TimeSpan.TicksPerMillisecond)
            return ++extras.Retries <= (maxRetries > 0 ? maxRetries : 1);
        extras.Retries = 1;
        extras.RetryWindowStart = now;
        return true;
    }

    public void FaultSuspend()
    {
        SuspendMailbox();
        if (_children is null) return;
        foreach (var child in _children.ToArray()) child.Suspend();
    }

    public void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            Publish(new Error(null, Path.ToString(), InstanceType, "Changing Resume into Create after " + causedByFailure));
            FaultCreate();
            return;
        }
        var perpetrator = _extras?.Perpetrator;
        ResumeMailbox();
        if (causedByFailure is not null) ClearFailed();
        _message = null;
        if (_children is null) return;
        foreach (var child in _children.ToArray()) child.Resume(ReferenceEquals(child, perpetrator) ? causedByFailure : null);
    }

    public void FaultRecreate(Exception cause)
    {
        if (_actor is not { } failed)
        {
            Publish(new Error(null, Path.ToString(), InstanceType, "Changing Recreate into Create after " + cause));
            FaultCreate();
            return;
        }
        if (_children is { IsNormal: false })
        {
            // Keeps the count of suspensions balanced.
            FaultResume(null);
            return;
        }
        _phase = ActorPhase.Restarting;
        var message = _message;
        try
        {
            failed.PreRestartInternal(cause, message);
            (failed as IActorStash)?.Stash.UnstashAll();
        }
        catch (Exception e)
        {
            Publish(new Error(new PreRestartException(this, e, cause, message), Path.ToString(), failed.GetType(), e.Message));
        }
        finally
        {
            ClearActor(failed);
        }
        if (_children is null || !_children.TrySetReason(ChildrenReason.Recreation, cause)) FinishRecreate(cause);
    }

    private void FinishRecreate(Exception cause)
    {
        var failed = _actor;
        // Before the fresh instance makes children of its own.
        var survivors = _children?.ToArray() ?? [];
        try
        {
            ResumeMailbox();
            ClearFailed();
            var fresh = MakeInstance();
            _actor = fresh;
            if (ReferenceEquals(fresh, failed)) fresh.Unclear();
            fresh.PostRestartInternal(cause);
            Extras.Restarts++;
            _phase = ActorPhase.Running;
            foreach (var child in survivors) child.Restart(cause);
        }
        catch (Exception e)
        {
            ClearActor(_actor!);
            _phase = ActorPhase.Running;
            HandleInvokeFailure(new PostRestartException(this, e, cause), null, survivors);
        }
    }

    private void FaultCreate()
    {
        _phase = ActorPhase.Restarting;
        SetReceiveTimeout(null);
        StopChildren();
        if (_children is null || !_children.TrySetReason(ChildrenReason.Creation, null)) FinishCreate();
    }

    private void FinishCreate()
    {
        ResumeMailbox();
        ClearFailed();
        try
        {
            Create();
            Extras.Restarts++;
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, null, null);
        }
    }

    public void Terminate()
    {
        _phase = ActorPhase.Stopping;
        SetReceiveTimeout(null);
        UnwatchWatchedActors();
        StopChildren();
        var wasTerminating = _children is { IsTerminating: true };
        if (_children is not null && _children.TrySetReason(ChildrenReason.Termination, null))
        {
            if (wasTerminating) return;
            SuspendMailbox();
            // Failures no longer matter to anybody.
            Extras.Perpetrator = this;
        }
        else
        {
            _children?.Close();
            FinishTerminate();
        }
    }

    private void FinishTerminate()
    {
        var actor = _actor;
        try
        {
            if (actor is not null)
            {
                actor.PostStopInternal();
                (actor as IActorStash)?.Stash?.UnstashAll();
            }
        }
        catch (Exception e)
        {
            Publish(new Error(e, Path.ToString(), InstanceType, e.Message));
        }
        // The order matters: a parent that also watches gets to know first that the child is gone.
        _phase = ActorPhase.Stopped;
        CloseMailbox();
        SystemImpl.EventStream.Forget(this);
        _parent.SendSystem(new DeathWatchNotification(this, true));
        TellWatchers();
        UnwatchWatchedActors();
        if (actor is not null) ClearActor(actor);
        _dispatcher.Detach(this);
        _actor = null;
        _sender = null;
        _props = TerminatedProps;
    }

    private void ClearFailed()
    {
        if (_extras is { } extras) extras.Perpetrator = null;
    }

    /// <summary>Stops a child because it failed: inspection shows it as failed afterwards.</summary>
    public void StopFailed(ActorCell child)
    {
        if (child._extras is { LastFailure: not null } extras) extras.StoppedByFailure = child.InstanceType;
        Stop(child);
    }

    private void HandleChildTerminated(ActorCell child)
    {
        if (_children is not { } children) return;
        var over = children.Remove(child);
        if (child._extras is { StoppedByFailure: not null }) (Extras.FailedChildren ??= new FailedChildren()).Add(child);
        switch (over)
        {
            case ChildrenReason.Recreation:
                FinishRecreate(children.RecreationCause!);
                break;
            case ChildrenReason.Creation:
                FinishCreate();
                break;
            case ChildrenReason.Termination:
                FinishTerminate();
                break;
        }
    }

    private static readonly Props TerminatedProps = new(new TerminatedProducer(), []);

    private Type InstanceType => _actor?.GetType() ?? _props.Type;

    private void Publish(LogEvent entry) => SystemImpl.EventStream.Publish(entry);

    private sealed class TerminatedProducer : IIndirectActorProducer
    {
        public Type ActorType => typeof(ActorBase);

        public ActorBase Produce() => throw new InvalidOperationException("This actor has been terminated");

        public void Release(ActorBase actor)
        {
        }
    }
}
