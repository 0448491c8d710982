using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class MessagingTests : ActorTest
{
    [Test]
    public async Task Messages_of_one_sender_arrive_in_order()
    {
        var probe = NewProbe();
        for (var i = 0; i < 10_000; i++) probe.Ref.Tell(i);
        for (var i = 0; i < 10_000; i++) await probe.Expect(i);
    }

    [Test]
    public async Task The_sender_is_the_actor_that_runs()
    {
        IActorRef a = NewProbe().Ref;
        var b = NewProbe();
        var sender = Act((c, m) => b.Ref.Tell(m));
        sender.Tell("x", a);
        await b.Expect("x");
        Assert.That(b.LastSender, Is.EqualTo(sender));
    }

    [Test]
    public async Task Without_sender_the_sender_is_dead_letters()
    {
        var probe = NewProbe();
        probe.Ref.Tell("x");
        await probe.Expect("x");
        Assert.That(probe.LastSender, Is.EqualTo(System.DeadLetters));
        probe.Ref.Tell("y", ActorRefs.NoSender);
        await probe.Expect("y");
        Assert.That(probe.LastSender, Is.EqualTo(System.DeadLetters));
    }

    [Test]
    public async Task Forward_keeps_the_sender()
    {
        var origin = NewProbe();
        var target = NewProbe();
        var router = Act((_, m) => target.Ref.Forward(m));
        await origin.Run(_ => router.Tell("x"));
        await target.Expect("x");
        Assert.That(target.LastSender, Is.EqualTo(origin.Ref));
    }

    [Test]
    public async Task An_actor_may_send_to_itself()
    {
        var probe = NewProbe();
        await probe.Run(c => c.Self.Tell("x"));
        await probe.Expect("x");
        Assert.That(probe.LastSender, Is.EqualTo(probe.Ref));
    }

    [Test]
    public async Task Null_is_no_message()
    {
        var probe = NewProbe();
        await Drained(probe.Ref);
        Assert.Throws<ArgumentNullException>(() => probe.Ref.Tell(null!, ActorRefs.NoSender));
    }

    [Test]
    public async Task An_actor_handles_one_message_at_a_time()
    {
        int running = 0, most = 0, count = 0;
        var actor = Act((_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            count++;
            Thread.SpinWait(50);
            Interlocked.Decrement(ref running);
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++) actor.Tell("x", ActorRefs.NoSender);
        })));
        await Drained(actor);
        Assert.That((most, count), Is.EqualTo((1, 20_000)));
    }

    [Test]
    public async Task The_context_knows_self_parent_system_and_props()
    {
        var parent = NewProbe("parent");
        await parent.Run(c =>
        {
            Assert.That(c.Self, Is.EqualTo(parent.Ref));
            Assert.That(c.Parent.Path.Name, Is.EqualTo("user"));
            Assert.That(c.System, Is.SameAs(System));
            Assert.That(c.Props.Type, Is.EqualTo(typeof(Scripted)));
            Assert.That(c.Dispatcher.Id, Is.EqualTo("akka.actor.default-dispatcher"));
        });
    }

    [Test]
    public async Task Outside_its_messages_an_actor_has_no_context()
    {
        var actor = System.ActorOf<Leaky>();
        var leaked = await actor.Ask<Func<IActorRef>>("x", Patience);
        Assert.Throws<NotSupportedException>(() => leaked());
    }

    [Test]
    public async Task Identify_is_answered_by_every_actor()
    {
        var probe = NewProbe();
        var identity = await probe.Ref.Ask<ActorIdentity>(new Identify(42), Patience);
        Assert.That(identity.MessageId, Is.EqualTo(42));
        Assert.That(identity.Subject, Is.EqualTo(probe.Ref));
        await probe.Ref.GracefulStop(Patience);
        var gone = await System.ActorSelection("/user/nobody").Ask<ActorIdentity>(new Identify(43), Patience);
        Assert.That(gone.Subject, Is.Null);
    }

    public sealed class Leaky : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(new Func<IActorRef>(() => Self));
    }
}
