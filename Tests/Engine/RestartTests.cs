using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

/// <summary>Failures in the hooks of an actor, and what a restart does to its children.</summary>
public sealed class RestartTests : SupervisionTest
{
    [Test]
    public async Task A_failure_in_PreStart_is_a_failed_creation()
    {
        var events = NewProbe();
        ParentOf(Scripted.Props((_, _) => { }, new Scripted.Hooks { PreStart = _ => throw new InvalidOperationException("no start") }),
            new OneForOneStrategy(e =>
            {
                events.Ref.Tell(e);
                return Directive.Stop;
            }));
        var failure = await events.Expect<ActorInitializationException>();
        Assert.That(failure.InnerException, Is.InstanceOf<InvalidOperationException>());
        Assert.That(failure.GetBaseException().Message, Is.EqualTo("no start"));
        Assert.That(failure.Actor!.Path.Name, Is.EqualTo("child"));
    }

    [Test]
    public async Task A_failure_in_the_constructor_is_a_failed_creation_and_a_restart_creates_it_again()
    {
        var events = NewProbe();
        var attempts = 0;
        var parent = ParentOf(Scripted.Props((_, m) => events.Ref.Tell(m), new Scripted.Hooks
        {
            OnConstruct = _ =>
            {
                if (++attempts < 3) throw new InvalidOperationException($"attempt {attempts}");
            },
            PreStart = _ => events.Ref.Tell("PreStart"),
            PreRestart = (_, _, _) => events.Ref.Tell("PreRestart"),
            PostRestart = (_, _) => events.Ref.Tell("PostRestart"),
        }), new OneForOneStrategy(e =>
        {
            events.Ref.Tell(e.GetBaseException().Message);
            return Directive.Restart;
        }));
        parent.Tell("x");
        await ExpectAll(events, "attempt 1", "attempt 2", "PreStart", "x");
    }

    [Test]
    public async Task A_failure_in_PostRestart_is_a_PostRestartException()
    {
        var events = NewProbe();
        var parent = ParentOf(Scripted.Props((_, m) => throw new InvalidOperationException("first"),
            new Scripted.Hooks { PostRestart = (_, _) => throw new InvalidOperationException("second") }), new OneForOneStrategy(e =>
        {
            events.Ref.Tell(e);
            return e is ActorInitializationException ? Directive.Stop : Directive.Restart;
        }));
        parent.Tell("x");
        await events.Expect<InvalidOperationException>();
        var failure = await events.Expect<PostRestartException>();
        Assert.That(failure.OriginalCause.Message, Is.EqualTo("first"));
        Assert.That(failure.GetBaseException().Message, Is.EqualTo("second"));
    }

    // Akka.NET calls PostStop of the old instance once more when the failed restart ends in a stop.
    [TestCase(Directive.Stop, "PostStop")]
    [TestCase(Directive.Restart, "construct,PostRestart,PreStart")]
    public async Task A_constructor_that_fails_in_a_restart_fails_the_actor_again(Directive directive, string expected)
    {
        var events = NewProbe();
        var attempts = 0;
        var parent = ParentOf(Scripted.Props((_, m) => throw new InvalidOperationException("first"), new Scripted.Hooks
        {
            OnConstruct = _ =>
            {
                if (++attempts == 2) throw new InvalidOperationException("no constructor");
                events.Ref.Tell("construct");
            },
            PreStart = _ => events.Ref.Tell("PreStart"),
            PostStop = _ => events.Ref.Tell("PostStop"),
            PreRestart = (_, _, _) => events.Ref.Tell("PreRestart"),
            PostRestart = (_, _) => events.Ref.Tell("PostRestart"),
        }), new OneForOneStrategy(e =>
        {
            if (e is not PostRestartException) return Directive.Restart;
            events.Ref.Tell("failed");
            return directive;
        }));
        parent.Tell("x");
        await ExpectAll(events, "construct", "PreStart", "PreRestart", "PostStop", "failed");
        // What is called on the old instance meanwhile is left open.
        var then = expected.Split(',');
        await events.Fish<string>(e => e == then[0]);
        await ExpectAll(events, then[1..]);
    }

    [Test]
    public async Task A_failure_in_PreRestart_is_logged_and_the_restart_goes_on()
    {
        var events = NewProbe();
        System.EventStream.Subscribe(events.Ref, typeof(Error));
        var actor = System.ActorOf(Scripted.Props((_, m) =>
        {
            if (m is "fail") throw new InvalidOperationException("first");
            events.Ref.Tell(m);
        }, new Scripted.Hooks { PreRestart = (_, _, _) => throw new InvalidOperationException("second") }));
        actor.Tell("fail");
        actor.Tell("x");
        await events.Fish<Error>(e => e.Cause is PreRestartException { RestartException.Message: "second" });
        await events.Expect("x");
    }

    [Test]
    public async Task By_default_a_restart_stops_the_children()
    {
        var events = NewProbe();
        var parent = System.ActorOf(Reporting(events, child: Reporting(events, "child ")));
        await ExpectAll(events, "construct", "PreStart", "child construct", "child PreStart");
        parent.Tell("fail");
        await events.Expect("PreRestart boom fail");
        // The child stops in a thread of its own: before or after its parent's PostStop.
        Assert.That(new[] { await events.Next(), await events.Next() }, Is.EquivalentTo(new[] { "PostStop", "child PostStop" }));
        // The fresh instance is made when the children have stopped.
        await ExpectAll(events, "construct", "PostRestart boom", "PreStart", "child construct", "child PreStart");
    }

    [Test]
    public async Task Children_that_are_not_stopped_are_restarted_with_their_parent()
    {
        var events = NewProbe();
        var parent = System.ActorOf(Scripted.Props((c, m) => throw new InvalidOperationException("boom"), new Scripted.Hooks
        {
            CallBase = false,
            PreStart = c => c.ActorOf(Reporting(events, "child "), "child"),
            PostRestart = (c, _) => events.Ref.Tell($"parent {c.GetChildren().Count()}"),
        }));
        await ExpectAll(events, "child construct", "child PreStart");
        parent.Tell("fail");
        await ExpectAll(events, "parent 1", "child PreRestart boom ", "child PostStop", "child construct", "child PostRestart boom",
            "child PreStart");
    }

    [Test]
    public async Task Children_wait_while_their_parent_has_failed_and_go_on_when_it_is_resumed()
    {
        var events = NewProbe();
        var decide = new ManualResetEventSlim();
        IActorRef child = ActorRefs.Nobody;
        var parent = Scripted.Props((_, _) => throw new InvalidOperationException(), new Scripted.Hooks
        {
            PreStart = c => child = c.ActorOf(Scripted.Props((_, m) => events.Ref.Tell(m))),
        });
        var top = ParentOf(parent, new OneForOneStrategy(_ =>
        {
            events.Ref.Tell("failed");
            decide.Wait(Patience);
            return Directive.Resume;
        }));
        await Drained(top);
        top.Tell("fail");
        await events.Expect("failed");
        child.Tell("waits");
        await events.ExpectNothingBefore("fence");
        decide.Set();
        await events.Expect("waits");
    }

    [Test]
    public async Task In_PreRestart_the_sender_is_that_of_the_failing_message()
    {
        var asker = NewProbe();
        var actor = System.ActorOf(Scripted.Props((_, m) => throw new InvalidOperationException(),
            new Scripted.Hooks { PreRestart = (c, _, m) => c.Sender.Tell($"failed on {m}") }));
        await asker.Run(_ => actor.Tell("x"));
        await asker.Expect("failed on x");
    }
}
