using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class WatchTests : ActorTest
{
    [Test]
    public async Task A_watcher_is_told_once_when_the_actor_has_stopped()
    {
        var watcher = NewProbe();
        var actor = Act((_, _) => { });
        await watcher.Run(c =>
        {
            Assert.That(c.Watch(actor), Is.EqualTo(actor));
            c.Watch(actor);
        });
        actor.Tell(PoisonPill.Instance);
        var terminated = await watcher.Expect<Terminated>();
        Assert.That(terminated.ActorRef, Is.EqualTo(actor));
        Assert.That(terminated.ExistenceConfirmed, Is.True);
        Assert.That(terminated.AddressTerminated, Is.False);
        Assert.That(watcher.LastSender, Is.EqualTo(actor));
        await watcher.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task Watching_an_actor_that_has_stopped_tells_at_once()
    {
        var actor = Act((_, _) => { });
        await actor.GracefulStop(Patience);
        var watcher = NewProbe();
        await watcher.Run(c => c.Watch(actor));
        await watcher.Expect<Terminated>(t => t.ActorRef.Equals(actor) && !t.ExistenceConfirmed);
    }

    [Test]
    public async Task WatchWith_brings_a_message_of_ones_own()
    {
        var watcher = NewProbe();
        var actor = Act((_, _) => { });
        await watcher.Run(c => c.WatchWith(actor, "gone"));
        actor.Tell(PoisonPill.Instance);
        await watcher.Expect("gone");
        Assert.That(watcher.LastSender, Is.EqualTo(actor));
    }

    [Test]
    public async Task Unwatch_ends_watching()
    {
        var watcher = NewProbe();
        IActorRef a = Act((_, _) => { }), b = Act((_, _) => { });
        await watcher.Run(c =>
        {
            c.Watch(a);
            c.Watch(b);
            c.Unwatch(a);
        });
        a.Tell(PoisonPill.Instance);
        await Stopped(a);
        b.Tell(PoisonPill.Instance);
        await watcher.Expect<Terminated>(t => t.ActorRef.Equals(b));
    }

    [Test]
    public async Task A_notice_that_is_queued_does_not_arrive_after_Unwatch()
    {
        var probe = NewProbe();
        var other = Act((_, _) => { });
        var gate = new ManualResetEventSlim();
        var watcher = Act((c, m) =>
        {
            switch (m)
            {
                case "watch":
                    c.Watch(other);
                    break;
                case "unwatch":
                    gate.Wait(Patience);
                    c.Unwatch(other);
                    break;
                case Terminated:
                    probe.Ref.Tell("told");
                    break;
            }
        });
        watcher.Tell("watch");
        await Drained(watcher);
        watcher.Tell("unwatch");
        await other.GracefulStop(Patience);
        gate.Set();
        await Drained(watcher);
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task An_unhandled_Terminated_breaks_the_pact_and_stops_the_watcher()
    {
        var probe = NewProbe();
        var other = Act((_, _) => { });
        var watcher = System.ActorOf(Props.Create(() => new Bound(other)));
        await Drained(watcher);
        await probe.Run(c => c.Watch(watcher));
        other.Tell(PoisonPill.Instance);
        await probe.Expect<Terminated>(t => t.ActorRef.Equals(watcher));
    }

    [Test]
    public async Task The_failure_of_a_broken_pact_names_the_dead_actor()
    {
        var probe = NewProbe();
        var other = Act((_, _) => { });
        System.ActorOf(Scripted.Props((_, _) => { }, new Scripted.Hooks
        {
            PreStart = c => c.ActorOf(Props.Create(() => new Bound(other))),
            Strategy = new OneForOneStrategy(e =>
            {
                probe.Ref.Tell(e);
                return Directive.Stop;
            }),
        }));
        other.Tell(PoisonPill.Instance);
        var broken = await probe.Expect<DeathPactException>();
        Assert.That(broken.DeadActor, Is.EqualTo(other));
    }

    [Test]
    public async Task Many_watchers_are_all_told()
    {
        var actor = Act((_, _) => { });
        var watchers = Enumerable.Range(0, 50).Select(_ => NewProbe()).ToArray();
        foreach (var w in watchers) await w.Run(c => c.Watch(actor));
        actor.Tell(PoisonPill.Instance);
        foreach (var w in watchers) await w.Expect<Terminated>();
    }

    [Test]
    public async Task A_restart_is_no_termination()
    {
        var watcher = NewProbe();
        var actor = Act((_, m) => { if (m is "fail") throw new InvalidOperationException(); });
        await watcher.Run(c => c.Watch(actor));
        actor.Tell("fail");
        await Drained(actor);
        await watcher.ExpectNothingBefore("fence");
        actor.Tell(PoisonPill.Instance);
        await watcher.Expect<Terminated>();
    }

    [Test]
    public async Task A_watch_outlives_a_restart_of_the_watcher()
    {
        var probe = NewProbe();
        var other = Act((_, _) => { });
        var watcher = Act((c, m) =>
        {
            switch (m)
            {
                case "watch":
                    c.Watch(other);
                    break;
                case "fail":
                    throw new InvalidOperationException();
                case Terminated:
                    probe.Ref.Tell("told");
                    break;
            }
        });
        watcher.Tell("watch");
        watcher.Tell("fail");
        await Drained(watcher);
        other.Tell(PoisonPill.Instance);
        await probe.Expect("told");
    }

    [Test]
    public async Task A_parent_that_watches_a_child_may_use_its_name_again_when_it_is_told()
    {
        var parent = NewProbe();
        for (var i = 0; i < 100; i++)
        {
            await parent.Run(c => c.Watch(c.ActorOf(Props.Empty, "child")).Tell(PoisonPill.Instance));
            await parent.Expect<Terminated>();
        }
    }

    public sealed class Bound : UntypedActor
    {
        public Bound(IActorRef other) => Context.Watch(other);

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
