using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class StopTests : ActorTest
{
    [Test]
    public async Task PoisonPill_stops_after_what_came_before_and_the_rest_becomes_dead_letters()
    {
        var probe = NewProbe();
        var dead = NewProbe();
        System.EventStream.Subscribe(dead.Ref, typeof(DeadLetter));
        var gate = new ManualResetEventSlim();
        var actor = Act((_, m) =>
        {
            gate.Wait(Patience);
            probe.Ref.Tell(m);
        });
        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("after");
        gate.Set();
        await probe.Expect("before");
        await dead.Expect<DeadLetter>(d => d.Message is "after" && d.Recipient.Equals(actor));
    }

    [Test]
    public async Task Stop_lets_the_present_message_end_and_drops_those_that_wait()
    {
        var probe = NewProbe();
        var dead = NewProbe();
        System.EventStream.Subscribe(dead.Ref, typeof(DeadLetter));
        var actor = Act((c, m) =>
        {
            if (m is "stop")
            {
                c.Self.Tell("too late");
                c.Stop(c.Self);
                probe.Ref.Tell("still here");
            }
            else
            {
                probe.Ref.Tell(m);
            }
        });
        actor.Tell("stop");
        await probe.Expect("still here");
        await dead.Expect<DeadLetter>(d => d.Message is "too late");
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task Kill_fails_the_actor_and_by_default_stops_it()
    {
        var events = NewProbe();
        var actor = System.ActorOf(Scripted.Props((_, _) => { }, new Scripted.Hooks
        {
            PostStop = _ => events.Ref.Tell("PostStop"),
            PreRestart = (_, _, _) => events.Ref.Tell("PreRestart"),
        }));
        actor.Tell(Kill.Instance);
        await events.Expect("PostStop");
        await Stopped(actor);
    }

    [Test]
    public async Task Children_stop_before_PostStop_of_their_parent()
    {
        var events = NewProbe();
        Props Named(string name, Props? child) => Scripted.Props((_, _) => { }, new Scripted.Hooks
        {
            PreStart = c => { if (child is not null) c.ActorOf(child); },
            PostStop = _ => events.Ref.Tell(name),
        });
        var top = System.ActorOf(Named("top", Named("middle", Named("bottom", null))));
        await Drained(top);
        top.Tell(PoisonPill.Instance);
        foreach (var expected in new[] { "bottom", "middle", "top" }) await events.Expect(expected);
    }

    [Test]
    public async Task A_stopping_actor_handles_no_messages_while_its_children_stop()
    {
        var probe = NewProbe();
        var gate = new ManualResetEventSlim();
        var child = Scripted.Props((_, _) => { }, new Scripted.Hooks { PostStop = _ => gate.Wait(Patience) });
        var parent = System.ActorOf(Scripted.Props((c, m) =>
        {
            if (m is "stop") c.Stop(c.Self);
            else probe.Ref.Tell(m);
        }, new Scripted.Hooks { PreStart = c => c.ActorOf(child) }));
        parent.Tell("stop");
        parent.Tell("late");
        gate.Set();
        await Stopped(parent);
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task GracefulStop_is_true_when_the_actor_has_stopped()
    {
        var events = NewProbe();
        var actor = System.ActorOf(Scripted.Props((_, _) => { }, new Scripted.Hooks { PostStop = _ => events.Ref.Tell("PostStop") }));
        Assert.That(await actor.GracefulStop(Patience), Is.True);
        await events.Expect("PostStop");
        Assert.That(await actor.GracefulStop(Patience), Is.True, "it has stopped already");
    }

    [Test]
    public async Task GracefulStop_may_send_another_message()
    {
        var actor = Act((c, m) => { if (m is "end") c.Stop(c.Self); });
        Assert.That(await actor.GracefulStop(Patience, "end"), Is.True);
    }

    [Test]
    public async Task GracefulStop_is_false_when_the_actor_takes_too_long()
    {
        var actor = Act((_, _) => { });
        Assert.That(await actor.GracefulStop(TimeSpan.FromMilliseconds(20), "not a stop message"), Is.False);
    }

    [Test]
    public async Task A_failure_in_PostStop_stops_the_actor_all_the_same_and_is_logged()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Error));
        var hooks = new Scripted.Hooks { PostStop = _ => throw new InvalidOperationException("oops") };
        var actor = System.ActorOf(Scripted.Props((_, _) => { }, hooks));
        actor.Tell(PoisonPill.Instance);
        await probe.Expect<Error>(e => e.Cause is InvalidOperationException && e.LogSource == actor.Path.ToString());
        await Stopped(actor);
    }

    [Test]
    public async Task A_disposable_actor_is_disposed_after_PostStop()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Disposable(probe.Ref)));
        actor.Tell(PoisonPill.Instance);
        await probe.Expect("PostStop");
        await probe.Expect("Dispose");
    }

    [Test]
    public async Task An_actor_stops_another_that_is_not_its_child()
    {
        var stopper = NewProbe();
        var actor = Act((_, _) => { });
        await stopper.Run(c => c.Stop(actor));
        await Stopped(actor);
    }

    public sealed class Disposable : UntypedActor, IDisposable
    {
        private readonly IActorRef _probe;

        public Disposable(IActorRef probe) => _probe = probe;

        public void Dispose() => _probe.Tell("Dispose");

        protected override void PostStop() => _probe.Tell("PostStop");

        protected override void OnReceive(object message)
        {
        }
    }
}
