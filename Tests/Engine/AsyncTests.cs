using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class AsyncTests : ActorTest
{
    [Test]
    public async Task No_message_is_handled_while_a_handler_awaits()
    {
        var probe = NewProbe();
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Awaiting(gate.Task, probe.Ref)));
        actor.Tell("async");
        actor.Tell("sync");
        await probe.Expect("before");
        probe.Ref.Tell("gate opens");
        await probe.Expect("gate opens");
        gate.SetResult();
        await probe.Expect("after");
        await probe.Expect("sync");
    }

    [Test]
    public async Task Self_and_sender_are_there_after_an_await()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Answering()));
        await probe.Run(_ => actor.Tell("x"));
        var (self, sender) = await probe.Expect<(IActorRef, IActorRef)>();
        Assert.That(self, Is.EqualTo(actor));
        Assert.That(sender, Is.EqualTo(probe.Ref));
        Assert.That(probe.LastSender, Is.EqualTo(actor));
    }

    [Test]
    public async Task A_handler_that_fails_after_an_await_fails_the_actor_with_its_message()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Failing(probe.Ref)));
        actor.Tell("late");
        await probe.Expect("restart InvalidOperationException late");
        actor.Tell("early");
        await probe.Expect("restart InvalidOperationException early");
        actor.Tell("cancel");
        await probe.Expect("restart TaskCanceledException cancel");
        Assert.That(await actor.Ask<int>(1, Patience), Is.EqualTo(1));
    }

    [Test]
    public async Task Handlers_with_predicates_and_for_everything_may_await()
    {
        var actor = System.ActorOf(Props.Create(() => new Choosy()));
        Assert.That(await actor.Ask<string>(1, Patience), Is.EqualTo("odd"));
        Assert.That(await actor.Ask<string>(2, Patience), Is.EqualTo("even"));
        Assert.That(await actor.Ask<string>("x", Patience), Is.EqualTo("any"));
    }

    [Test]
    public async Task An_untyped_actor_runs_tasks()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Tasking()));
        await probe.Run(_ =>
        {
            actor.Tell(1);
            actor.Tell(2);
        });
        await probe.Expect(1);
        await probe.Expect(2);
    }

    [Test]
    public async Task Awaiting_an_ask_inside_a_handler_works()
    {
        var echo = Act((c, m) => c.Sender.Tell(m));
        var actor = System.ActorOf(Props.Create(() => new Asking(echo)));
        Assert.That(await actor.Ask<string>("x", Patience), Is.EqualTo("x!"));
    }

    [Test]
    public async Task An_actor_can_be_stopped_while_a_handler_awaits()
    {
        var probe = NewProbe();
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Awaiting(gate.Task, probe.Ref)));
        actor.Tell("async");
        await probe.Expect("before");
        System.Stop(actor);
        await Stopped(actor);
        gate.SetResult();
        await probe.ExpectNothingBefore("fence");
    }

    public sealed class Awaiting : ReceiveActor
    {
        public Awaiting(Task gate, IActorRef probe)
        {
            ReceiveAsync<string>(async _ =>
            {
                probe.Tell("before");
                await gate;
                probe.Tell("after");
            }, s => s == "async");
            ReceiveAny(m => probe.Tell(m));
        }
    }

    public sealed class Answering : ReceiveActor
    {
        public Answering() => ReceiveAsync<string>(async _ =>
        {
            await Task.Yield();
            await Task.Run(() => { });
            Sender.Tell((Self, Sender));
        });
    }

    public sealed class Failing : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Failing(IActorRef probe)
        {
            _probe = probe;
            ReceiveAsync<string>(async m =>
            {
                if (m == "cancel") throw new TaskCanceledException();
                if (m == "late") await Task.Yield();
                throw new InvalidOperationException("as told");
            });
            Receive<int>(i => Sender.Tell(i));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _probe.Tell($"restart {reason.GetType().Name} {message}");
            base.PreRestart(reason, message);
        }
    }

    public sealed class Choosy : ReceiveActor
    {
        public Choosy()
        {
            ReceiveAsync<int>(i => i % 2 == 1, _ => Say("odd"));
            ReceiveAsync<int>(_ => Say("even"));
            ReceiveAnyAsync(_ => Say("any"));
        }

        private async Task Say(string what)
        {
            await Task.Yield();
            Sender.Tell(what);
        }
    }

    public sealed class Tasking : UntypedActor
    {
        protected override void OnReceive(object message) => RunTask(async () =>
        {
            if (message is 1) await Task.Delay(1);
            Sender.Tell(message);
        });
    }

    public sealed class Asking : ReceiveActor
    {
        public Asking(IActorRef other) => ReceiveAsync<string>(async m => Sender.Tell(await other.Ask<string>(m, Patience) + "!"));
    }
}
