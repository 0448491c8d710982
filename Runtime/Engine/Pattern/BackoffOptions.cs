using Akka.Actor;

namespace Akka.Pattern;

/// <summary>How a <see cref="BackoffSupervisor"/> works. Immutable.</summary>
public sealed class BackoffOptions
{
    private bool _onStop;
    private Props _childProps = Props.Empty;
    private string _childName = "";
    private TimeSpan _minBackoff;
    private TimeSpan _maxBackoff;
    private double _randomFactor;
    private TimeSpan? _autoReset;
    private OneForOneStrategy _strategy = new(SupervisorStrategy.DefaultDecider);
    private object? _replyWhileStopped;
    private Func<object, bool>? _finalStopMessage;

    private BackoffOptions()
    {
    }

    internal Props Props
    {
        get
        {
            if (_minBackoff <= TimeSpan.Zero) throw new ArgumentException("MinBackoff must be greater than 0");
            if (_maxBackoff < _minBackoff) throw new ArgumentException("MaxBackoff must be greater than MinBackoff");
            if (_randomFactor is not (>= 0.0 and <= 1.0)) throw new ArgumentException("RandomFactor must be between 0.0 and 1.0");
            var plan = new BackoffPlan(_childProps, _childName, _minBackoff, _maxBackoff, _randomFactor, _autoReset, _strategy,
                _replyWhileStopped, _finalStopMessage);
            return _onStop ? Props.CreateBy(new BackoffSupervisor.Producer(plan))
                : Props.CreateBy(new BackoffOnRestartSupervisor.Producer(plan));
        }
    }

    /// <summary>The count of restarts goes back to 0 when the child has been up for so long; by default for the first delay.</summary>
    /// <param name="resetBackoff">How long.</param>
    public BackoffOptions WithAutoReset(TimeSpan resetBackoff) => With(o => o._autoReset = resetBackoff);

    /// <summary>The count of restarts goes back to 0 when the supervisor gets <see cref="BackoffSupervisor.Reset"/>.</summary>
    public BackoffOptions WithManualReset() => With(o => o._autoReset = null);

    /// <summary>What is done with the child when it fails; its limit of restarts counts.</summary>
    /// <param name="supervisorStrategy">The strategy.</param>
    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => With(o => o._strategy = supervisorStrategy);

    /// <summary>The child is stopped whenever it fails.</summary>
    public BackoffOptions WithDefaultStoppingStrategy() =>
        With(o => o._strategy = new OneForOneStrategy(o._strategy.MaxNumberOfRetries, null, SupervisorStrategy.StoppingStrategy.Decider));

    /// <summary>What is answered while the child is down; by default such messages become dead letters.</summary>
    /// <param name="replyWhileStopped">The answer.</param>
    public BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => With(o => o._replyWhileStopped = replyWhileStopped);

    /// <summary>How often the child may be restarted.</summary>
    /// <param name="maxNrOfRetries">The limit; -1: none.</param>
    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => With(o => o._strategy = o._strategy.WithMaxNrOfRetries(maxNrOfRetries));

    /// <summary>Messages to the child after which its end is the supervisor's.</summary>
    /// <param name="isFinalStopMessage">Which messages.</param>
    public BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => With(o =>
        o._finalStopMessage = isFinalStopMessage);

    internal static BackoffOptions Create(bool onStop, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, int maxNrOfRetries) => new()
        {
            _onStop = onStop,
            _childProps = childProps,
            _childName = childName,
            _minBackoff = minBackoff,
            _maxBackoff = maxBackoff,
            _randomFactor = randomFactor,
            _autoReset = minBackoff,
            _strategy = new OneForOneStrategy(SupervisorStrategy.DefaultDecider).WithMaxNrOfRetries(maxNrOfRetries),
        };

    private BackoffOptions With(Action<BackoffOptions> change)
    {
        var copy = (BackoffOptions)MemberwiseClone();
        change(copy);
        return copy;
    }
}
