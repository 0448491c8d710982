using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class TimerTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Test]
    public async Task A_single_timer_sends_its_message_once_to_the_actor()
    {
        var probe = NewProbe();
        var actor = NewTimed(probe);
        Run(actor, t => t.StartSingleTimer("key", "tick", Soon));
        await probe.Expect("tick");
        Run(actor, t => probe.Ref.Tell(t.IsTimerActive("key")));
        await probe.Expect(false);
    }

    [Test]
    public async Task A_periodic_timer_sends_its_message_again_and_again()
    {
        var probe = NewProbe();
        var actor = NewTimed(probe);
        Run(actor, t => t.StartPeriodicTimer("key", "tick", Soon));
        for (var i = 0; i < 3; i++) await probe.Expect("tick");
        Run(actor, t =>
        {
            probe.Ref.Tell(t.IsTimerActive("key"));
            t.Cancel("key");
            probe.Ref.Tell("cancelled");
        });
        await probe.Fish<string>(s => s == "cancelled");
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task A_periodic_timer_may_wait_longer_before_its_first_message()
    {
        var probe = NewProbe();
        var actor = NewTimed(probe);
        Run(actor, t => t.StartPeriodicTimer("slow", "slow", Never, Soon));
        Run(actor, t => t.StartPeriodicTimer("fast", "fast", TimeSpan.Zero, Soon));
        for (var i = 0; i < 3; i++) await probe.Expect("fast");
    }

    [Test]
    public async Task Starting_a_timer_again_replaces_it_even_when_its_message_is_in_the_mailbox()
    {
        var probe = NewProbe();
        var actor = NewTimed(probe);
        var queued = new ManualResetEventSlim();
        Run(actor, t =>
        {
            t.StartSingleTimer("key", "old", TimeSpan.Zero);
            // The other timer is due later: when it has fired, the message of the first one is in the mailbox.
            System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(100), queued.Set);
            queued.Wait(Patience);
            t.StartSingleTimer("key", "new", Soon);
        });
        await probe.Expect("new");
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task The_message_of_a_cancelled_timer_does_not_arrive_even_when_it_is_in_the_mailbox()
    {
        var probe = NewProbe();
        var actor = NewTimed(probe);
        var queued = new ManualResetEventSlim();
        Run(actor, t =>
        {
            t.StartSingleTimer("key", "old", TimeSpan.Zero);
            System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(100), queued.Set);
            queued.Wait(Patience);
            t.CancelAll();
        });
        await Drained(actor);
        await Drained(actor);
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task Timers_are_known_by_their_keys()
    {
        var probe = NewProbe();
        var actor = NewTimed(probe);
        Run(actor, t =>
        {
            t.StartSingleTimer("a", "x", Never);
            t.StartPeriodicTimer(2, "x", Never);
            Assert.That(t.ActiveTimers, Is.EquivalentTo(new object[] { "a", 2 }));
            t.Cancel("a");
            t.Cancel("unknown");
            Assert.That(t.IsTimerActive("a"), Is.False);
            Assert.That(t.IsTimerActive(2), Is.True);
            t.CancelAll();
            Assert.That(t.ActiveTimers, Is.Empty);
            probe.Ref.Tell("done");
        });
        await probe.Expect("done");
    }

    [Test]
    public async Task A_restart_ends_all_timers()
    {
        var probe = NewProbe();
        var actor = NewTimed(probe);
        var queued = new ManualResetEventSlim();
        Run(actor, t =>
        {
            t.StartPeriodicTimer("key", "tick", TimeSpan.FromMilliseconds(1));
            System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(50), queued.Set);
            queued.Wait(Patience);
            throw new InvalidOperationException("ticks are in the mailbox");
        });
        Run(actor, t => probe.Ref.Tell($"restarted {t.ActiveTimers.Count}"));
        await probe.Expect("restarted 0");
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task The_message_of_a_timer_comes_from_nobody_or_from_whom_one_says()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Timed(probe.Ref)));
        Run(actor, t => t.StartSingleTimer("key", "from", Soon));
        await probe.Expect(System.DeadLetters);
        Run(actor, t => t.StartSingleTimer("key", "from", Soon, probe.Ref));
        await probe.Expect(probe.Ref);
    }

    [Test]
    public async Task Timers_can_be_started_in_the_constructor()
    {
        var probe = NewProbe();
        System.ActorOf(Props.Create(() => new Early(probe.Ref)));
        await probe.Expect("early");
    }

    [Test]
    public async Task A_timer_may_send_a_PoisonPill()
    {
        var probe = NewProbe();
        var actor = NewTimed(probe);
        Run(actor, t => t.StartSingleTimer("key", PoisonPill.Instance, Soon));
        await Stopped(actor);
    }

    private IActorRef NewTimed(Probe probe) => System.ActorOf(Props.Create(() => new Timed(probe.Ref)));

    private static void Run(IActorRef actor, Action<ITimerScheduler> action) => actor.Tell(action, ActorRefs.NoSender);

    public sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef probe)
        {
            Receive<Action<ITimerScheduler>>(a => a(Timers));
            Receive<string>(s => s == "from", _ => probe.Tell(Sender));
            ReceiveAny(m => probe.Tell(m));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    public sealed class Early : ReceiveActor, IWithTimers
    {
        public Early(IActorRef probe)
        {
            ReceiveAny(m => probe.Tell(m));
            Timers.StartSingleTimer("key", "early", TimeSpan.FromMilliseconds(1));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }
}
