using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class SupervisionTests : SupervisionTest
{
    private static SupervisorStrategy Always(Directive directive, int retries = -1) => new OneForOneStrategy(retries, -1, _ => directive);

    [Test]
    public async Task A_child_that_fails_is_restarted_keeps_its_mailbox_and_loses_the_message()
    {
        var events = NewProbe();
        var child = System.ActorOf(Reporting(events));
        foreach (var m in new[] { "a", "fail", "b" }) child.Tell(m);
        await ExpectAll(events, ["construct", "PreStart", "a", .. Restart, "b"]);
    }

    [Test]
    public async Task Resume_goes_on_with_the_same_instance_and_the_next_message()
    {
        var events = NewProbe();
        var parent = ParentOf(Reporting(events), Always(Directive.Resume));
        foreach (var m in new[] { "a", "fail", "b" }) parent.Tell(m);
        await ExpectAll(events, "construct", "PreStart", "a", "b");
    }

    [Test]
    public async Task Stop_ends_the_child_and_its_mailbox_becomes_dead_letters()
    {
        var events = NewProbe();
        System.EventStream.Subscribe(events.Ref, typeof(DeadLetter));
        var gate = new ManualResetEventSlim();
        var parent = System.ActorOf(Scripted.Props((c, m) =>
        {
            c.Child("child").Forward(m);
            if (m is "after") gate.Set();
        }, new Scripted.Hooks
        {
            PreStart = c => c.ActorOf(Scripted.Props((_, m) =>
            {
                gate.Wait(Patience);
                throw new InvalidOperationException();
            }), "child"),
            Strategy = Always(Directive.Stop),
        }));
        parent.Tell("fail");
        parent.Tell("after");
        await events.Expect<DeadLetter>(d => d.Message is "after");
    }

    [Test]
    public async Task Escalate_fails_the_parent_for_the_same_reason()
    {
        var events = NewProbe();
        var middle = Reporting(events, "middle ", Always(Directive.Escalate), Reporting(events, "child "));
        var top = ParentOf(middle, Always(Directive.Restart));
        await ExpectAll(events, "middle construct", "middle PreStart", "child construct", "child PreStart");
        top.Tell(new ToChild("fail"));
        // The parent restarts, which by default stops the child; its PreStart makes another.
        var seen = new List<string>();
        while (seen.Count < 8) seen.Add(await events.Expect<string>());
        Assert.That(seen.Where(s => s.StartsWith("middle", StringComparison.Ordinal)).Select(s =>
            s.StartsWith("middle PreRestart boom", StringComparison.Ordinal)
            ? "middle PreRestart boom" : s), Is.EqualTo(new[]
            {
                "middle PreRestart boom", "middle PostStop", "middle construct", "middle PostRestart boom", "middle PreStart",
            }));
        Assert.That(seen.Where(s =>
            s.StartsWith("child", StringComparison.Ordinal)), Is.EqualTo(new[] { "child PostStop", "child construct", "child PreStart" }));
    }

    [Test]
    public async Task One_for_one_leaves_the_siblings_alone()
    {
        var events = NewProbe();
        var parent = System.ActorOf(Scripted.Props((c, m) => c.Child("a").Tell(m), new Scripted.Hooks
        {
            PreStart = c =>
            {
                c.ActorOf(Reporting(events, "a "), "a");
                c.ActorOf(Scripted.Props((_, m) => events.Ref.Tell(m), new Scripted.Hooks
                {
                    PreRestart = (_, _, _) =>
                    events.Ref.Tell("sibling restarted")
                }), "b");
            },
            Strategy = Always(Directive.Restart),
        }));
        parent.Tell("fail");
        await ExpectAll(events, ["a construct", "a PreStart", .. Restart.Select(s => "a " + s)]);
        await events.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task All_for_one_restarts_all_children()
    {
        var events = NewProbe();
        var names = new[] { "a", "b", "c" };
        var parent = System.ActorOf(Scripted.Props((c, m) => c.Child("b").Tell(m), new Scripted.Hooks
        {
            PreStart = c =>
            {
                foreach (var name in names)
                {
                    c.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException("boom"),
                        new Scripted.Hooks { PostRestart = (x, e) => events.Ref.Tell($"{x.Self.Path.Name} {e.Message}") }), name);
                }
            },
            Strategy = new AllForOneStrategy(_ => Directive.Restart),
        }));
        parent.Tell("fail");
        var restarted = new List<string>();
        foreach (var _ in names) restarted.Add(await events.Expect<string>());
        Assert.That(restarted, Is.EquivalentTo(names.Select(n => $"{n} boom")));
    }

    [Test]
    public async Task All_for_one_stops_all_children_when_told_to_and_when_retries_are_used_up()
    {
        foreach (var strategy in new[] { new AllForOneStrategy(_ => Directive.Stop), new AllForOneStrategy(0, -1, _ => Directive.Restart) })
        {
            var events = NewProbe();
            var parent = System.ActorOf(Scripted.Props((c, m) => c.Child("a").Tell(m), new Scripted.Hooks
            {
                PreStart = c =>
                {
                    foreach (var name in new[] { "a", "b" })
                    {
                        c.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException("boom"),
                            new Scripted.Hooks { PostStop = x => events.Ref.Tell(x.Self.Path.Name) }), name);
                    }
                },
                Strategy = strategy,
            }));
            parent.Tell("fail");
            Assert.That(new[] { await events.Expect<string>(), await events.Expect<string>() }, Is.EquivalentTo(new[] { "a", "b" }));
        }
    }

    [Test]
    public async Task After_the_allowed_number_of_restarts_the_child_is_stopped()
    {
        var events = NewProbe();
        var parent = ParentOf(Reporting(events), Always(Directive.Restart, retries: 2));
        for (var i = 0; i < 3; i++) parent.Tell("fail");
        await ExpectAll(events, ["construct", "PreStart", .. Restart, .. Restart, "PostStop"]);
    }

    [Test]
    public async Task Zero_restarts_allowed_means_none()
    {
        var events = NewProbe();
        var parent = ParentOf(Reporting(events), Always(Directive.Restart, retries: 0));
        parent.Tell("fail");
        await ExpectAll(events, "construct", "PreStart", "PostStop");
    }

    [Test]
    public async Task Within_a_time_range_without_number_one_restart_is_allowed()
    {
        var events = NewProbe();
        var parent = ParentOf(Reporting(events), new OneForOneStrategy(null, TimeSpan.FromHours(1), _ => Directive.Restart));
        for (var i = 0; i < 2; i++) parent.Tell("fail");
        await ExpectAll(events, ["construct", "PreStart", .. Restart, "PostStop"]);
    }

    [Test]
    public async Task Within_a_time_range_the_number_counts()
    {
        var events = NewProbe();
        var parent = ParentOf(Reporting(events), new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart));
        for (var i = 0; i < 3; i++) parent.Tell("fail");
        await ExpectAll(events, ["construct", "PreStart", .. Restart, .. Restart, "PostStop"]);
    }

    [Test]
    public async Task When_the_time_range_is_over_the_count_starts_anew()
    {
        var events = NewProbe();
        var parent = ParentOf(Reporting(events), new OneForOneStrategy(1, TimeSpan.FromMilliseconds(1), _ => Directive.Restart));
        await ExpectAll(events, "construct", "PreStart");
        for (var i = 0; i < 4; i++)
        {
            var elapsed = new TaskCompletionSource();
            System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(30), elapsed.SetResult);
            await elapsed.Task.WaitAsync(Patience);
            parent.Tell("fail");
            await ExpectAll(events, Restart);
        }
    }

    [Test]
    public async Task By_default_failed_creation_kill_and_broken_pacts_stop_and_everything_else_restarts()
    {
        var decider = SupervisorStrategy.DefaultDecider;
        Assert.That(decider.Decide(new ActorInitializationException("x")), Is.EqualTo(Directive.Stop));
        Assert.That(decider.Decide(new ActorKilledException("x")), Is.EqualTo(Directive.Stop));
        Assert.That(decider.Decide(new DeathPactException(System.DeadLetters)), Is.EqualTo(Directive.Stop));
        Assert.That(decider.Decide(new InvalidOperationException()), Is.EqualTo(Directive.Restart));
        var events = NewProbe();
        var actor = System.ActorOf(Scripted.Props((_, _) => { }, new Scripted.Hooks
        {
            OnConstruct = _ =>
            throw new InvalidOperationException("no")
        }));
        await events.Run(c => c.Watch(actor));
        await events.Expect<Terminated>();
    }

    [Test]
    public void Deciders_are_functions_or_tables()
    {
        var table = Decider.From(Directive.Escalate, Directive.Stop.When<InvalidOperationException>(),
            Directive.Resume.When<ArgumentException>());
        Assert.That(table.Decide(new ObjectDisposedException("x")), Is.EqualTo(Directive.Stop), "a base type fits");
        Assert.That(table.Decide(new ArgumentNullException()), Is.EqualTo(Directive.Resume));
        Assert.That(table.Decide(new TimeoutException()), Is.EqualTo(Directive.Escalate));
        Assert.That(Decider.From(_ => Directive.Stop).Decide(new TimeoutException()), Is.EqualTo(Directive.Stop));
    }

    [Test]
    public async Task Failures_are_published_as_errors_with_cause_and_path()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Error));
        var actor = System.ActorOf(Scripted.Props((_, m) => throw new InvalidOperationException("boom")), "failing");
        actor.Tell("x");
        var error = await probe.Expect<Error>();
        Assert.That(error.Cause, Is.InstanceOf<InvalidOperationException>());
        Assert.That(error.LogSource, Is.EqualTo(actor.Path.ToString()));
        Assert.That(error.Message.ToString(), Is.EqualTo("boom"));
        Assert.That(error.LogLevel(), Is.EqualTo(LogLevel.ErrorLevel));
    }

    [Test]
    public async Task Failures_that_are_resumed_are_published_as_warnings()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Warning));
        ParentOf(Scripted.Props((_, m) => throw new InvalidOperationException("boom")), Always(Directive.Resume)).Tell("x");
        await probe.Expect<Warning>(w => w.Cause is InvalidOperationException && w.LogSource.EndsWith("/child", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_strategy_may_be_silent()
    {
        var probe = NewProbe();
        var events = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Error));
        var parent = ParentOf(Reporting(events), new OneForOneStrategy(-1, -1, _ => Directive.Restart, loggingEnabled: false));
        parent.Tell("fail");
        await ExpectAll(events, ["construct", "PreStart", .. Restart]);
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task In_the_decision_the_sender_is_the_child_that_failed()
    {
        var probe = NewProbe();
        var parent = System.ActorOf(Props.Create(() => new Asker(probe.Ref)));
        parent.Tell("fail");
        await probe.Expect("child");
    }

    [Test]
    public async Task A_decider_that_fails_fails_the_supervisor()
    {
        var events = NewProbe();
        var middle = Scripted.Props((c, m) => c.Child("child").Forward(m), new Scripted.Hooks
        {
            PreStart = c => c.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException()), "child"),
            Strategy = new OneForOneStrategy(_ => throw new NotImplementedException("decider")),
        });
        var top = ParentOf(middle, new OneForOneStrategy(e =>
        {
            events.Ref.Tell(e.Message);
            return Directive.Stop;
        }));
        top.Tell("x");
        await events.Expect("decider");
    }

    public sealed class Asker : UntypedActor
    {
        private readonly IActorRef _probe;
        private readonly IActorRef _child = Context.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException()), "child");

        public Asker(IActorRef probe) => _probe = probe;

        protected override void OnReceive(object message) => _child.Forward(message);

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            _probe.Tell(Sender.Path.Name);
            return Directive.Stop;
        });
    }
}
