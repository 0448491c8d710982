using Akka;
using Akka.Actor;
using Akka.Configuration;

namespace Ouroboros.Tests.Engine;

public sealed class CoordinatedShutdownTests : ActorTest
{
    protected override string Hocon => """
        akka.coordinated-shutdown.phases {
          service-unbind.timeout = 100 ms
          service-stop { timeout = 100 ms, recover = off }
          own-phase { depends-on = [before-service-unbind] }
          service-unbind.depends-on = [own-phase]
        }
        """;

    private readonly List<string> _events = [];

    private Func<Task<Done>> Note(string what) => () =>
    {
        lock (_events) _events.Add(what);
        return Task.FromResult(Done.Instance);
    };

    [Test]
    public async Task Phases_run_in_the_order_of_their_dependencies_and_terminate_the_system_at_the_end()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        Assert.That(CoordinatedShutdown.Get(System), Is.SameAs(shutdown));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "3", Note("3"));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "1", Note("1"));
        shutdown.AddTask("own-phase", "own", Note("own"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "2", Note("2"));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "4", () =>
        {
            Assert.That(System.WhenTerminated.IsCompleted, Is.False);
            return Note("4")();
        });
        Assert.That(shutdown.ShutdownReason, Is.Null);
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Patience);
        Assert.That(_events, Is.EqualTo(new[] { "1", "own", "2", "3", "4" }));
        Assert.That(shutdown.ShutdownReason, Is.SameAs(CoordinatedShutdown.ClrExitReason.Instance));
        Assert.That(System.WhenTerminated.IsCompleted, Is.True);
    }

    [Test]
    public async Task The_tasks_of_a_phase_run_side_by_side()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        var second = new TaskCompletionSource<Done>();
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "a", () => second.Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "b", () =>
        {
            second.SetResult(Done.Instance);
            return Note("b")();
        });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);
        Assert.That(_events, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task Terminate_runs_it_once()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "x", Note("x"));
        await System.Terminate().WaitAsync(Patience);
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);
        Assert.That(_events, Is.EqualTo(new[] { "x" }));
        Assert.That(shutdown.ShutdownReason, Is.SameAs(CoordinatedShutdown.ActorSystemTerminateReason.Instance));
    }

    [Test]
    public async Task It_can_begin_with_a_later_phase()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "1", Note("1"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "2", Note("2"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceRequestsDone).WaitAsync(Patience);
        Assert.That(_events, Is.EqualTo(new[] { "2" }));
    }

    [Test]
    public async Task A_task_that_fails_or_is_too_slow_does_not_keep_the_next_phase_from_running()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "fails", () => throw new InvalidOperationException());
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "fails", () =>
            Task.FromException<Done>(new InvalidOperationException()));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "slow", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "x", Note("x"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);
        Assert.That(_events, Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public async Task Without_recovery_a_failure_ends_the_shutdown()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fails", () =>
            Task.FromException<Done>(new InvalidOperationException("no")));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "x", Note("x"));
        var thrown = await Failure(shutdown.Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.That(thrown.GetBaseException().Message, Is.EqualTo("no"));
        Assert.That(_events, Is.Empty);
        await TerminateDirectly();
    }

    [Test]
    public async Task Without_recovery_a_timeout_ends_the_shutdown()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "slow", () => new TaskCompletionSource<Done>().Task);
        var thrown = await Failure(shutdown.Run(CoordinatedShutdown.UnknownReason.Instance));
        Assert.That(thrown.GetBaseException(), Is.InstanceOf<TimeoutException>());
        await TerminateDirectly();
    }

    [Test]
    public void Phases_have_timeouts_and_unknown_ones_are_refused()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        Assert.That(shutdown.Timeout(CoordinatedShutdown.PhaseServiceUnbind), Is.EqualTo(TimeSpan.FromMilliseconds(100)));
        Assert.That(shutdown.Timeout(CoordinatedShutdown.PhaseBeforeServiceUnbind), Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(shutdown.TotalTimeout, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(10)));
        Assert.Throws<ArgumentException>(() => shutdown.Timeout("unknown"));
        Assert.Throws<ConfigurationException>(() => shutdown.AddTask("unknown", "x", Note("x")));
    }

    private static async Task<Exception> Failure(Task task)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (Exception e)
        {
            return e;
        }
        throw new AssertionException("did not fail");
    }

    // The shutdown has been used up, and Terminate would only wait for it.
    private async Task TerminateDirectly()
    {
        (await System.ActorSelection("/user").ResolveOne(Patience)).Tell(PoisonPill.Instance);
        await System.WhenTerminated.WaitAsync(Patience);
        Forget();
    }
}
