using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class BehaviorTests : ActorTest
{
    [Test]
    public async Task Become_replaces_the_behaviour_and_Unbecome_goes_back_to_the_first()
    {
        var probe = NewProbe();
        var actor = Act((c, m) =>
        {
            probe.Ref.Tell($"first {m}");
            ((IUntypedActorContext)c).Become(n =>
            {
                probe.Ref.Tell($"second {n}");
                c.UnbecomeStacked();
            });
        });
        foreach (var i in new[] { 1, 2, 3 }) actor.Tell(i);
        foreach (var expected in new[] { "first 1", "second 2", "first 3" }) await probe.Expect(expected);
    }

    [Test]
    public async Task Stacked_behaviours_come_off_one_by_one_and_the_lowest_stays()
    {
        var actor = System.ActorOf(Props.Create<Stacker>());
        async Task<string> Said() => await actor.Ask<string>("say", Patience);
        Assert.That(await Said(), Is.EqualTo("0"));
        actor.Tell("pop");
        Assert.That(await Said(), Is.EqualTo("0"));
        actor.Tell("push");
        actor.Tell("push");
        Assert.That(await Said(), Is.EqualTo("2"));
        actor.Tell("replace");
        Assert.That(await Said(), Is.EqualTo("3"));
        actor.Tell("pop");
        Assert.That(await Said(), Is.EqualTo("1"));
        actor.Tell("pop");
        Assert.That(await Said(), Is.EqualTo("0"));
    }

    [Test]
    public async Task A_restart_goes_back_to_the_first_behaviour()
    {
        var actor = System.ActorOf(Props.Create<Stacker>());
        actor.Tell("push");
        actor.Tell("fail");
        Assert.That(await actor.Ask<string>("say", Patience), Is.EqualTo("0"));
    }

    [Test]
    public async Task A_receive_actor_handles_by_type_in_the_order_of_its_handlers()
    {
        var actor = System.ActorOf(Props.Create<Typed>());
        Assert.That(await actor.Ask<string>(5, Patience), Is.EqualTo("small 5"));
        Assert.That(await actor.Ask<string>(500, Patience), Is.EqualTo("int 500"));
        Assert.That(await actor.Ask<string>("x", Patience), Is.EqualTo("string x"));
        Assert.That(await actor.Ask<string>(new List<int>(), Patience), Is.EqualTo("collection"));
        Assert.That(await actor.Ask<string>(1.5, Patience), Is.EqualTo("double"));
        Assert.That(await actor.Ask<string>(2.5, Patience), Is.EqualTo("any 2.5"));
        Assert.That(await actor.Ask<string>('c', Patience), Is.EqualTo("by type c"));
    }

    [Test]
    public async Task A_receive_actor_becomes_another_list_of_handlers()
    {
        var actor = System.ActorOf(Props.Create<Switch>());
        Assert.That(await actor.Ask<string>("x", Patience), Is.EqualTo("off x"));
        actor.Tell(true);
        Assert.That(await actor.Ask<string>("x", Patience), Is.EqualTo("on x"));
        actor.Tell(false);
        Assert.That(await actor.Ask<string>("x", Patience), Is.EqualTo("off x"));
    }

    [Test]
    public async Task Handlers_can_be_added_in_the_constructor_and_in_Become_only()
    {
        var actor = System.ActorOf(Props.Create<Late>());
        Assert.That(await actor.Ask<Exception>("late", Patience), Is.InstanceOf<InvalidOperationException>());
        Assert.That(await actor.Ask<Exception>("after any", Patience), Is.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public async Task What_no_handler_takes_is_published_as_unhandled()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(UnhandledMessage));
        var receive = System.ActorOf(Props.Create<Switch>(), "switch");
        receive.Tell(1.5, probe.Ref);
        await probe.Expect<UnhandledMessage>(u => u.Message is 1.5 && u.Recipient.Equals(receive) && u.Sender.Equals(probe.Ref));
        var untyped = System.ActorOf(Props.Create<Picky>(), "picky");
        untyped.Tell("x", probe.Ref);
        await probe.Expect<UnhandledMessage>(u => u.Message is "x" && u.Recipient.Equals(untyped));
    }

    [Test]
    public async Task A_behaviour_that_says_false_leaves_the_message_unhandled()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(UnhandledMessage));
        var actor = System.ActorOf(Props.Create<Plain>(), "plain");
        actor.Tell(1);
        await probe.Expect<UnhandledMessage>(u => u.Message is 1);
        Assert.That(await actor.Ask<string>("x", Patience), Is.EqualTo("x"));
    }

    public sealed class Stacker : UntypedActor
    {
        private int _made;

        protected override void OnReceive(object message) => Handle(message, 0);

        private void Handle(object message, int level)
        {
            switch (message)
            {
                case "say":
                    Sender.Tell($"{level}");
                    break;
                case "push":
                    var pushed = ++_made;
                    BecomeStacked(m => Handle(m, pushed));
                    break;
                case "replace":
                    var replaced = ++_made;
                    Become(m => Handle(m, replaced));
                    break;
                case "pop":
                    UnbecomeStacked();
                    break;
                case "fail":
                    throw new InvalidOperationException("as told");
            }
        }
    }

    public sealed class Typed : ReceiveActor
    {
        public Typed()
        {
            Receive<int>(i => Sender.Tell($"small {i}"), i => i < 10);
            Receive<int>(i => Sender.Tell($"int {i}"));
            Receive<int>(_ => Sender.Tell("never"));
            Receive<string>(s => s == "never", _ => Sender.Tell("never"));
            Receive<string>(s => Sender.Tell($"string {s}"));
            Receive<System.Collections.ICollection>(_ => Sender.Tell("collection"));
            Receive<double>(d =>
            {
                if (d > 2) return false;
                Sender.Tell("double");
                return true;
            });
            Receive(typeof(char), c => Sender.Tell($"by type {c}"));
            ReceiveAny(o => Sender.Tell(FormattableString.Invariant($"any {o}")));
        }
    }

    public sealed class Switch : ReceiveActor
    {
        public Switch()
        {
            Off();
        }

        private void Off()
        {
            Receive<string>(s => Sender.Tell($"off {s}"));
            Receive<bool>(b => Become(On), b => b);
        }

        private void On()
        {
            Receive<string>(s => Sender.Tell($"on {s}"));
            Receive<bool>(b => !b, _ => Become(Off));
        }
    }

    public sealed class Late : ReceiveActor
    {
        public Late() => ReceiveAny(m => Sender.Tell(Try(m is "late" ? () => Receive<int>(_ => { }) : AfterAny)));

        private void AfterAny() => Become(() =>
        {
            ReceiveAny(_ => { });
            Receive<int>(_ => { });
        });

        private static Exception Try(Action action)
        {
            try
            {
                action();
                return new AssertionException("did not throw");
            }
            catch (Exception e)
            {
                return e;
            }
        }
    }

    public sealed class Picky : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }

    public sealed class Plain : ActorBase
    {
        protected override bool Receive(object message)
        {
            if (message is not string) return false;
            Sender.Tell(message);
            return true;
        }
    }
}
