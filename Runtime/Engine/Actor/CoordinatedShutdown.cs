using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Shuts a system down in phases, each of which starts when those that it depends on have ended. The tasks of a phase run side by side. The
/// last
/// phase terminates the system.
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
    /// <summary>First phase: nothing has been stopped.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>Stop accepting new work from outside.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Wait for work that is under way.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Stop services.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Before leaving a cluster.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>Hand shards over.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>Leave the cluster.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>Stop singletons.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>Wait until the cluster knows.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>Stop the cluster extension.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>Last phase before the system terminates.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>Terminates the system.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ActorSystemImpl _system;
    private readonly ILoggingAdapter _log;
    private readonly Dictionary<string, Phase> _phases = [];
    private readonly List<string> _order = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableList<(string Name, Func<Task<Done>> Run)>> _tasks = [];
    private Reason? _reason;
    private Task<Done>? _run;
    private bool _exiting;

    internal CoordinatedShutdown(ActorSystemImpl system)
    {
        _system = system;
        _log = Logging.GetLogger(system, typeof(CoordinatedShutdown));
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown");
        var phases = config.GetConfig("phases");
        foreach (var name in phases.Keys)
        {
            var phase = phases.GetConfig(name);
            _phases.Add(name, new Phase(phase.GetStringList("depends-on"),
                phase.HasPath("timeout") ? phase.GetTimeSpan("timeout") : config.GetTimeSpan("default-phase-timeout"),
                phase.GetBoolean("recover", true)));
        }
        foreach (var name in _phases.Keys) Order(name, []);
        AddTermination(config.GetBoolean("exit-clr"));
        if (config.GetBoolean("run-by-clr-shutdown-hook", true)) RunAtProcessExit();
    }

    /// <summary>The system.</summary>
    public ExtendedActorSystem System => _system;

    /// <summary>Why it was run, or null when it was not.</summary>
    public Reason ShutdownReason
    {
        get { lock (_lock) return _reason!; }
    }

    /// <summary>The sum of the time-outs of all phases that have tasks.</summary>
    public TimeSpan TotalTimeout
    {
        get { lock (_lock) return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase)); }
    }

    /// <summary>The coordinated shutdown of a system.</summary>
    /// <param name="sys">The system.</param>
    public static CoordinatedShutdown Get(ActorSystem sys) => sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <summary>Adds a task.</summary>
    /// <param name="phase">When it runs.</param>
    /// <param name="taskName">Its name, for the log.</param>
    /// <param name="task">The task.</param>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (!_order.Contains(phase))
        {
            throw new ConfigurationException($"Unknown phase [{phase}], known phases [{string.Join(",", _order)}]. " +
                "All phases (along with their optional dependencies) must be defined in configuration.");
        }
        lock (_lock) _tasks[phase] = _tasks.GetValueOrDefault(phase, []).Add((taskName, task));
    }

    /// <summary>Runs all phases, or those from one on; the second call only waits for the first.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="fromPhase">The phase to begin with; null: the first.</param>
    /// <returns>Completed when all phases have ended; failed when one failed that may not.</returns>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        lock (_lock)
        {
            if (_run is not null) return _run;
            _reason = reason;
            var first = fromPhase is null ? 0 : _order.IndexOf(fromPhase);
            // On the pool: a task may well wait for whoever called this.
            return _run = Task.Run(() => RunPhases(first < 0 ? [] : _order.Skip(first)));
        }
    }

    /// <summary>The time-out of a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public TimeSpan Timeout(string phase) => _phases.TryGetValue(phase, out var known) ? known.Timeout
        : throw new ArgumentException($"Unknown phase [{phase}]. All phases must be defined in configuration.", nameof(phase));

    private async Task<Done> RunPhases(IEnumerable<string> phases)
    {
        foreach (var name in phases)
        {
            ImmutableList<(string Name, Func<Task<Done>> Run)>? tasks;
            lock (_lock) _tasks.TryGetValue(name, out tasks);
            _log.Debug("Performing phase [{0}] with [{1}] tasks.", name, tasks?.Count ?? 0);
            if (tasks is null) continue;
            var phase = _phases.GetValueOrDefault(name) ?? new Phase([], TimeSpan.FromSeconds(5), true);
            var all = Task.WhenAll(tasks.Select(t => RunTask(name, phase, t.Name, t.Run)));
            try
            {
                await all.WaitAsync(phase.Timeout, _system.TimeProvider).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!all.IsCompleted)
            {
                if (!phase.Recover) throw new TimeoutException($"Coordinated shutdown phase[{name}] timed out after {phase.Timeout}");
                _log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", name, phase.Timeout);
            }
        }
        return Done.Instance;
    }

    private async Task RunTask(string phaseName, Phase phase, string name, Func<Task<Done>> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception e) when (phase.Recover)
        {
            _log.Warning("Task [{0}] failed in phase [{1}]: {2}", name, phaseName, e.Message);
        }
    }

    private void AddTermination(bool exitClr)
    {
        var terminate = _system.Settings.CoordinatedShutdownTerminateActorSystem;
        if (!terminate && !exitClr) return;
        AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
        {
            if (terminate)
            {
                var end = _system.FinalTerminate();
                // When the system takes longer than the phase may, the process ends all the same.
                var limit = exitClr ? Task.Delay(Timeout(PhaseActorSystemTerminate), _system.TimeProvider) : end;
                await Task.WhenAny(end, limit).ConfigureAwait(false);
            }
            if (exitClr && !_exiting) Environment.Exit(0);
            return Done.Instance;
        });
    }

    private void RunAtProcessExit()
    {
        EventHandler atExit = (_, _) =>
        {
            _exiting = true;
            if (!_system.WhenTerminated.IsCompleted) Run(ClrExitReason.Instance).Wait(TotalTimeout);
        };
        AppDomain.CurrentDomain.ProcessExit += atExit;
        _system.WhenTerminated.ContinueWith(_ => AppDomain.CurrentDomain.ProcessExit -= atExit, TaskScheduler.Default);
    }

    // Depth first: a phase comes after those that it depends on.
    private void Order(string phase, HashSet<string> above)
    {
        if (_order.Contains(phase)) return;
        if (!above.Add(phase))
        {
            throw new ArgumentException(
                $"Cycle detected in graph of phases. It must be a DAG. phase [{phase}] depends transitively on itself.");
        }
        if (_phases.TryGetValue(phase, out var known))
            foreach (var before in known.DependsOn) Order(before, above);
        above.Remove(phase);
        _order.Add(phase);
    }

    private sealed record Phase(IList<string> DependsOn, TimeSpan Timeout, bool Recover);

    /// <summary>Why a system is shut down.</summary>
    public class Reason
    {
        /// <summary>Makes a reason.</summary>
        protected Reason()
        {
        }
    }

    /// <summary>Nobody said why.</summary>
    public class UnknownReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary><see cref="ActorSystem.Terminate"/> was called.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process ends.</summary>
    public class ClrExitReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}
