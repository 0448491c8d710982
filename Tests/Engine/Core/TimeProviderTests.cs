using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Pattern;
using Ouroboros.Engine;

namespace Ouroboros.Tests.Engine.Core;

/// <summary>All time of a system comes from its <see cref="TimeProvider"/>.</summary>
public sealed class TimeProviderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _time = new();
    private ActorSystem _system = null!;

    [SetUp]
    public void Start()
    {
        var config = ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }");
        _system = ActorSystem.Create("clock",
            ActorSystemSetup.Create(new TimeProviderSetup(_time), BootstrapSetup.Create().WithConfig(config)));
    }

    [TearDown]
    public async Task Stop() => await _system.Terminate().WaitAsync(Patience);

    [Test]
    public async Task Messages_are_sent_when_the_clock_says_so_in_order_of_due_time_and_of_scheduling()
    {
        var probe = Probe.Create(_system);
        _system.Scheduler.ScheduleTellOnce(3 * Second, probe.Ref, "3", null);
        _system.Scheduler.ScheduleTellOnce(Second, probe.Ref, "1 a", null);
        _system.Scheduler.ScheduleTellOnce(Second, probe.Ref, "1 b", null);
        _system.Scheduler.ScheduleTellOnce(2 * Second, probe.Ref, "2", null);
        _time.Advance(Second - TimeSpan.FromTicks(1));
        await probe.ExpectNothingBefore("fence");
        _time.Advance(TimeSpan.FromTicks(1));
        await probe.Expect("1 a");
        await probe.Expect("1 b");
        await probe.ExpectNothingBefore("fence");
        _time.Advance(Second * 10);
        await probe.Expect("2");
        await probe.Expect("3");
    }

    [Test]
    public async Task A_repetition_fires_once_for_every_interval_that_passes()
    {
        var probe = Probe.Create(_system);
        var cancel = _system.Scheduler.ScheduleTellRepeatedlyCancelable(Second, 2 * Second, probe.Ref, "x", null);
        _time.Advance(Second * 5);
        for (var i = 0; i < 3; i++) await probe.Expect("x");
        await probe.ExpectNothingBefore("fence");
        cancel.Cancel();
        _time.Advance(Second * 10);
        await probe.ExpectNothingBefore("fence");
        Assert.That(_time.PendingTimers, Is.LessThanOrEqualTo(1));
    }

    [Test]
    public async Task Ten_thousand_timers_in_random_order_fire_in_order()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var probe = Probe.Create(_system);
        var due = Enumerable.Range(0, 10_000).Select(_ => random.Next(1, 5000)).ToArray();
        var cancels = due.Select(d => _system.Scheduler.ScheduleTellOnceCancelable(d, probe.Ref, d, null)).ToArray();
        var kept = new List<int>();
        for (var i = 0; i < due.Length; i++)
        {
            if (random.Next(3) == 0) cancels[i].Cancel();
            else kept.Add(due[i]);
        }
        _time.Advance(TimeSpan.FromSeconds(10));
        kept.Sort();
        foreach (var expected in kept) Assert.That(await probe.Next(), Is.EqualTo(expected), $"seed {seed}");
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task An_ask_times_out_by_the_clock()
    {
        var silent = _system.ActorOf(Scripted.Props((_, _) => { }));
        var asked = silent.Ask<object>("x", 5 * Second);
        _time.Advance(5 * Second - TimeSpan.FromMilliseconds(1));
        Assert.That(asked.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.ThrowsAsync<AskTimeoutException>(() => asked);
        await Task.CompletedTask;
    }

    [Test]
    public async Task An_answered_ask_leaves_no_timer()
    {
        var echo = _system.ActorOf(Scripted.Props((c, m) => c.Sender.Tell(m)));
        for (var i = 0; i < 1000; i++) await echo.Ask<int>(i, TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.That(_time.PendingTimers, Is.Zero);
    }

    [Test]
    public async Task Timers_of_actors_run_on_the_clock()
    {
        var probe = Probe.Create(_system);
        var actor = _system.ActorOf(Props.Create(() => new TimerTests.Timed(probe.Ref)));
        actor.Tell((Action<ITimerScheduler>)(t => t.StartPeriodicTimer("key", "tick", Second)));
        await actor.Ask<ActorIdentity>(new Identify(0), Patience);
        _time.Advance(3 * Second);
        for (var i = 0; i < 3; i++) await probe.Expect("tick");
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task The_receive_timeout_counts_from_the_last_message()
    {
        var probe = Probe.Create(_system);
        await probe.Run(c => c.SetReceiveTimeout(10 * Second));
        await Handled(probe);
        _time.Advance(9 * Second);
        probe.Ref.Tell("activity");
        await probe.Expect("activity");
        await Handled(probe);
        _time.Advance(9 * Second);
        await Handled(probe, fence: "still none");
        _time.Advance(Second * 20);
        await probe.Expect<ReceiveTimeout>();
    }

    [Test]
    public async Task The_limit_of_restarts_counts_by_the_clock()
    {
        var probe = Probe.Create(_system);
        var parent = _system.ActorOf(Scripted.Props((c, m) => c.Child("child").Forward(m), new Scripted.Hooks
        {
            PreStart = c => c.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException(), new Scripted.Hooks
            {
                PostRestart = (_, _) => probe.Ref.Tell("restarted"),
                PostStop = _ => probe.Ref.Tell("PostStop"),
                CallBase = false,
            }), "child"),
            Strategy = new OneForOneStrategy(1, TimeSpan.FromSeconds(60), _ => Directive.Restart),
        }));
        for (var i = 0; i < 3; i++)
        {
            parent.Tell("fail");
            await probe.Expect("restarted");
            _time.Advance(TimeSpan.FromSeconds(61));
        }
        parent.Tell("fail");
        await probe.Expect("restarted");
        parent.Tell("fail");
        await probe.Expect("PostStop");
    }

    [Test]
    public async Task Backoff_doubles_up_to_its_limit()
    {
        var probe = Probe.Create(_system);
        var child = Scripted.Props((c, _) => c.Stop(c.Self), new Scripted.Hooks { PreStart = _ => probe.Ref.Tell("started") });
        var supervisor = _system.ActorOf(BackoffSupervisor.Props(
            Backoff.OnStop(child, "child", Second, 4 * Second, 0, -1).WithAutoReset(TimeSpan.FromHours(1))));
        await probe.Expect("started");
        foreach (var seconds in new[] { 1, 2, 4, 4 })
        {
            supervisor.Tell("stop");
            await BackoffTests.Down(supervisor);
            _time.Advance((seconds * Second) - TimeSpan.FromMilliseconds(1));
            await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience);
            await probe.ExpectNothingBefore("fence");
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await probe.Expect("started");
        }
    }

    [Test]
    public async Task Work_of_the_far_future_waits_for_it()
    {
        var probe = Probe.Create(_system);
        _system.Scheduler.ScheduleTellOnce(TimeSpan.MaxValue, probe.Ref, "never", null);
        _system.Scheduler.ScheduleTellOnce(TimeSpan.FromDays(100), probe.Ref, "in 100 days", null);
        _time.Advance(TimeSpan.FromDays(99));
        await probe.ExpectNothingBefore("fence");
        _time.Advance(TimeSpan.FromDays(1));
        await probe.Expect("in 100 days");
        _time.Advance(TimeSpan.FromDays(10_000));
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task After_termination_nothing_is_scheduled_and_asks_still_time_out()
    {
        var actor = _system.ActorOf(Props.Empty);
        await _system.Terminate().WaitAsync(Patience);
        Assert.Throws<SchedulerException>(() => _system.Scheduler.ScheduleTellOnce(Second, actor, "x", null));
        var asked = actor.Ask<object>("x", Second);
        _time.Advance(Second);
        Assert.ThrowsAsync<AskTimeoutException>(() => asked);
        Assert.That(_time.PendingTimers, Is.Zero);
    }

    /// <summary>The message before has been handled to its end, and nothing else has come.</summary>
    private static Task Handled(Probe probe, string fence = "handled") => probe.ExpectNothingBeforeUnnoticed(fence);
}
