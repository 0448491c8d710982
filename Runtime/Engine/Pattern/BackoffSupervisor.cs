using Akka.Actor;
using Akka.Event;

namespace Akka.Pattern;

/// <summary>Starts its child again, after growing delays, whenever it has stopped. Made with <see cref="Backoff"/>.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    private readonly BackoffPlan _plan;

    private BackoffSupervisor(BackoffPlan plan) : base(plan) => _plan = plan;

    /// <summary>The recipe of a supervisor.</summary>
    /// <param name="options">How it works.</param>
    /// <exception cref="ArgumentException">The delays or the random factor make no sense.</exception>
    public static Props Props(BackoffOptions options) => options.Props;

    /// <summary>The recipe of a supervisor that starts its child again whenever it has stopped.</summary>
    /// <param name="childProps">How the child is made.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay.</param>
    /// <param name="maxBackoff">No delay is longer, but for the random part.</param>
    /// <param name="randomFactor">0 to 1: how much longer, at random.</param>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        PropsWithSupervisorStrategy(childProps, childName, minBackoff, maxBackoff, randomFactor, Actor.SupervisorStrategy.DefaultStrategy);

    /// <summary>The recipe of a supervisor that starts its child again whenever it has stopped.</summary>
    /// <param name="childProps">How the child is made.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay.</param>
    /// <param name="maxBackoff">No delay is longer, but for the random part.</param>
    /// <param name="randomFactor">0 to 1: how much longer, at random.</param>
    /// <param name="strategy">What is done with the child when it fails.</param>
    public static Props PropsWithSupervisorStrategy(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, SupervisorStrategy strategy) => Actor.Props.CreateBy(new Producer(
            new BackoffPlan(childProps, childName, minBackoff, maxBackoff, randomFactor, minBackoff, strategy, null, null)));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => _plan.Strategy;

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child)) return HandleBackoff(message);
        Child = null;
        var limit = _plan.Strategy is OneForOneStrategy one ? one.MaxNumberOfRetries : -1;
        if (FinalStopMessageReceived || (limit != -1 && RestartCountN >= limit)) Context.Stop(Self);
        else StartChildLater();
        return true;
    }

    internal sealed class Producer(BackoffPlan plan) : IIndirectActorProducer
    {
        public Type ActorType => typeof(BackoffSupervisor);

        public ActorBase Produce() => new BackoffSupervisor(plan);

        public void Release(ActorBase actor)
        {
        }
    }

    /// <summary>Asks for <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        /// <summary>The only instance.</summary>
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>The child; null while it is down.</summary>
    public sealed class CurrentChild
    {
        /// <summary>Makes the answer.</summary>
        /// <param name="ref">The child, or null.</param>
        public CurrentChild(IActorRef? @ref) => Ref = @ref!;

        /// <summary>The child; null while it is down.</summary>
        public IActorRef Ref { get; }
    }

    /// <summary>Sets the count of restarts to 0; only with <see cref="BackoffOptions.WithManualReset"/>.</summary>
    public sealed class Reset
    {
        /// <summary>The only instance.</summary>
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Asks for <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        /// <summary>The only instance.</summary>
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    /// <summary>Restarts since the last reset.</summary>
    public sealed class RestartCount
    {
        /// <summary>Makes the answer.</summary>
        /// <param name="count">The number.</param>
        public RestartCount(int count) => Count = count;

        /// <summary>The number.</summary>
        public int Count { get; }
    }

    /// <summary>Sent to the supervisor itself: the delay is over.</summary>
    public sealed class StartChild : IDeadLetterSuppression
    {
        /// <summary>The only instance.</summary>
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }

    /// <summary>Sent to the supervisor itself: the child has been up for long enough.</summary>
    public sealed class ResetRestartCount : IDeadLetterSuppression
    {
        /// <summary>Makes the message.</summary>
        /// <param name="current">The count when the child was started.</param>
        public ResetRestartCount(int current) => Current = current;

        /// <summary>The count when the child was started.</summary>
        public int Current { get; }
    }
}
