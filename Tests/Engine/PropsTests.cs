using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class PropsTests : ActorTest
{
    [Test]
    public async Task An_actor_is_made_from_its_type_and_arguments()
    {
        Assert.That(await System.ActorOf(Props.Create<Greeter>("hello", 2)).Ask<string>("x", Patience), Is.EqualTo("hellohello"));
        Assert.That(await System.ActorOf(Props.Create(typeof(Greeter), "hi", 1)).Ask<string>("x", Patience), Is.EqualTo("hi"));
        Assert.That(await System.ActorOf(Props.Create<Greeter>()).Ask<string>("x", Patience), Is.EqualTo("default"));
        Assert.That(await System.ActorOf<Greeter>("named").Ask<string>("x", Patience), Is.EqualTo("default"));
    }

    [Test]
    public async Task An_actor_is_made_from_an_expression()
    {
        var word = "captured";
        var props = Props.Create(() => new Greeter(word, 1));
        Assert.That(props.Type, Is.EqualTo(typeof(Greeter)));
        Assert.That(await System.ActorOf(props).Ask<string>("x", Patience), Is.EqualTo("captured"));
        var computed = Props.Create(() => new Greeter("a" + word.ToUpperInvariant(), word.Length / 4));
        Assert.That(await System.ActorOf(computed).Ask<string>("x", Patience),
            Is.EqualTo("aCAPTUREDaCAPTURED"));
    }

    [Test]
    public void An_expression_must_be_a_constructor_call() =>
        Assert.Throws<InvalidCastException>(() => Props.Create(() => Make()));

    [Test]
    public async Task The_arguments_of_an_expression_are_evaluated_once()
    {
        var calls = 0;
        var props = Props.Create(() => new Greeter(Count(ref calls), 1));
        var actor = System.ActorOf(props);
        await Drained(actor);
        actor.Tell("fail");
        Assert.That(await actor.Ask<string>("x", Patience), Is.EqualTo("1"));
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_producer_makes_each_instance_and_gets_it_back()
    {
        var producer = new CountingProducer();
        var props = Props.CreateBy(producer);
        Assert.That(props.Type, Is.EqualTo(typeof(Greeter)));
        var actor = System.ActorOf(props);
        actor.Tell("fail");
        await Drained(actor);
        Assert.That((producer.Produced, producer.Released), Is.EqualTo((2, 1)));
        await actor.GracefulStop(Patience);
        await Drained(NewProbe().Ref);
        Assert.That(() => producer.Released, Is.EqualTo(2).After((int)Patience.TotalMilliseconds, 1));
    }

    [Test]
    public async Task Arguments_that_fit_no_constructor_fail_the_actor_not_the_caller()
    {
        var actor = System.ActorOf(Props.Create<Greeter>(1, 2, 3));
        await Stopped(actor);
    }

    [Test]
    public void A_type_that_is_no_actor_is_refused() => Assert.Throws<ArgumentException>(() => Props.Create(typeof(string)));

    [Test]
    public async Task The_strategy_of_the_props_goes_before_that_of_the_actor()
    {
        var stopping = new OneForOneStrategy(_ => Directive.Stop);
        var probe = NewProbe();
        var parent = System.ActorOf(Scripted.Props((c, m) =>
        {
            if (m is Terminated) probe.Ref.Tell("stopped");
            else c.Watch(c.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException()))).Tell("fail");
        }, new Scripted.Hooks { Strategy = new OneForOneStrategy(_ => Directive.Resume) }).WithSupervisorStrategy(stopping));
        parent.Tell("go");
        await probe.Expect("stopped");
        Assert.That(Props.Create<Greeter>().WithSupervisorStrategy(stopping).SupervisorStrategy, Is.SameAs(stopping));
    }

    [Test]
    public void Props_know_their_dispatcher()
    {
        Assert.That(Props.Create<Greeter>().Dispatcher, Is.EqualTo("akka.actor.default-dispatcher"));
        Assert.That(Props.Create<Greeter>().WithDispatcher("x.y").Dispatcher, Is.EqualTo("x.y"));
    }

    [Test]
    public void Actors_cannot_be_made_with_new() => Assert.Throws<ActorInitializationException>(() => _ = new Greeter("x", 1));

    private static Greeter Make() => new("x", 1);

    private static string Count(ref int calls) => $"{++calls}";

    public sealed class Greeter : UntypedActor
    {
        private readonly string _greeting;

        public Greeter() : this("default", 1)
        {
        }

        public Greeter(string word, int times) => _greeting = string.Concat(Enumerable.Repeat(word, times));

        protected override void OnReceive(object message)
        {
            if (message is "fail") throw new InvalidOperationException("as told");
            Sender.Tell(_greeting);
        }
    }

    private sealed class CountingProducer : IIndirectActorProducer
    {
        private int _produced;
        private int _released;

        public int Produced => Volatile.Read(ref _produced);

        public int Released => Volatile.Read(ref _released);

        public Type ActorType => typeof(Greeter);

        public ActorBase Produce()
        {
            Interlocked.Increment(ref _produced);
            return new Greeter();
        }

        public void Release(ActorBase actor) => Interlocked.Increment(ref _released);
    }
}
