using Akka.Actor;

namespace Ouroboros.Layers.Actors;

/// <summary>Tells an actor when the next deadline of its core has passed. Belongs to that actor, which cancels it when it ends.</summary>
/// <param name="scheduler">The actor system's.</param>
/// <param name="actor">Whom to tell.</param>
internal sealed class DeadlineTimer(IScheduler scheduler, IActorRef actor)
{
    private ICancelable? _timer;
    private TimeSpan _armedFor = TimeSpan.MaxValue;

    /// <summary>Has <see cref="Passed"/> come at the deadline, unless one comes sooner anyway.</summary>
    /// <param name="deadline"><see cref="TimeSpan.MaxValue"/> = never.</param>
    /// <param name="now">On the same clock.</param>
    public void Arm(TimeSpan deadline, TimeSpan now)
    {
        if (deadline >= _armedFor) return;
        _timer?.Cancel();
        _armedFor = deadline;
        var wait = deadline - now;
        _timer = scheduler.ScheduleTellOnceCancelable(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, actor, Passed.Instance, ActorRefs.NoSender);
    }

    /// <summary><see cref="Passed"/> has come.</summary>
    public void Disarm() => _armedFor = TimeSpan.MaxValue;

    /// <summary>Nothing more comes.</summary>
    public void Cancel() => _timer?.Cancel();

    /// <summary>The deadline has passed.</summary>
    public sealed record Passed
    {
        /// <summary>The one that there is.</summary>
        public static readonly Passed Instance = new();
    }
}
