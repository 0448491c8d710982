namespace Akka.Actor;

/// <summary>Acts on all children when one of them fails.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    /// <summary>Makes the strategy.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative or null: any number, 0: none.</param>
    /// <param name="withinTimeRange">The time range; null: since ever.</param>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    /// <summary>Makes the strategy.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative or null: any number, 0: none.</param>
    /// <param name="withinTimeRange">The time range; null: since ever.</param>
    /// <param name="decider">Chooses the directive.</param>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, (int)(withinTimeRange ?? Timeout.InfiniteTimeSpan).TotalMilliseconds, decider)
    {
    }

    /// <summary>Makes the strategy.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative: any number, 0: none.</param>
    /// <param name="withinTimeMilliseconds">The time range in milliseconds; negative: since ever.</param>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are published as log events.</param>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider,
        bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>Makes the strategy.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed in the time range; negative: any number, 0: none.</param>
    /// <param name="withinTimeMilliseconds">The time range in milliseconds; negative: since ever.</param>
    /// <param name="decider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are published as log events.</param>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Makes a strategy without limit of restarts.</summary>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider)
    {
    }

    /// <summary>Makes a strategy without limit of restarts.</summary>
    /// <param name="decider">Chooses the directive.</param>
    public AllForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    /// <summary>Makes a strategy with the default decider, without limit of restarts.</summary>
    protected AllForOneStrategy() : this(DefaultDecider)
    {
    }

    /// <summary>Restarts allowed in the time range; negative: any number, 0: none.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The time range in milliseconds; negative: since ever.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <inheritdoc/>
    public override IDecider Decider { get; }

    internal override void ProcessFailure(ActorCell supervisor, bool restart, ActorCell child, Exception cause)
    {
        var children = supervisor.ChildCells();
        if (restart && Array.TrueForAll(children, c => c.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds)))
        {
            foreach (var one in children)
            {
                // Restart balances one suspension; the child that failed has suspended itself already.
                if (!ReferenceEquals(one, child)) one.Suspend();
                one.Restart(cause);
            }
        }
        else
        {
            foreach (var one in children)
            {
                if (ReferenceEquals(one, child)) supervisor.StopFailed(one);
                else supervisor.Stop(one);
            }
        }
    }
}
