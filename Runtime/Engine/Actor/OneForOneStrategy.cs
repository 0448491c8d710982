namespace Akka.Actor;

/// <summary>Acts on the child that failed only.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    /// <summary>Makes the strategy.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative or null: any number, 0: none.</param>
    /// <param name="withinTimeRange">The time range; null: since ever.</param>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    /// <summary>Makes the strategy.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative or null: any number, 0: none.</param>
    /// <param name="withinTimeRange">The time range; null: since ever.</param>
    /// <param name="decider">Chooses the directive.</param>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, (int)(withinTimeRange ?? Timeout.InfiniteTimeSpan).TotalMilliseconds, decider)
    {
    }

    /// <summary>Makes the strategy.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative: any number, 0: none.</param>
    /// <param name="withinTimeMilliseconds">The time range in milliseconds; negative: since ever.</param>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are published as log events.</param>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider,
        bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>Makes the strategy.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative: any number, 0: none.</param>
    /// <param name="withinTimeMilliseconds">The time range in milliseconds; negative: since ever.</param>
    /// <param name="decider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are published as log events.</param>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Makes a strategy without limit of restarts.</summary>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider)
    {
    }

    /// <summary>Makes a strategy without limit of restarts.</summary>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are published as log events.</param>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, -1, localOnlyDecider, loggingEnabled)
    {
    }

    /// <summary>Makes a strategy without limit of restarts.</summary>
    /// <param name="decider">Chooses the directive.</param>
    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    /// <summary>Makes a strategy with the default decider, without limit of restarts.</summary>
    protected OneForOneStrategy() : this(DefaultDecider)
    {
    }

    /// <summary>Restarts allowed in the time range; negative: any number, 0: none.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The time range in milliseconds; negative: since ever.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <inheritdoc/>
    public override IDecider Decider { get; }

    /// <summary>The same strategy with another limit.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative: any number, 0: none.</param>
    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) => new(maxNrOfRetries, WithinTimeRangeMilliseconds, Decider);

    internal override void ProcessFailure(ActorCell supervisor, bool restart, ActorCell child, Exception cause)
    {
        if (restart && child.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds)) child.Restart(cause);
        else supervisor.StopFailed(child);
    }
}
