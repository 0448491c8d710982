using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class StashTests : ActorTest
{
    [Test]
    public async Task Stashed_messages_come_back_in_order_before_those_that_wait()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        foreach (var m in new[] { "hold", "1", "2", "3", "go", "4" }) actor.Tell(m);
        foreach (var expected in new[] { "1", "2", "3", "4" }) await probe.Expect(expected);
    }

    [Test]
    public async Task The_sender_is_kept()
    {
        var probe = NewProbe();
        var sender = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        await sender.Run(_ =>
        {
            actor.Tell("hold");
            actor.Tell("reply");
            actor.Tell("go");
        });
        await sender.Expect("reply");
    }

    [Test]
    public async Task Unstash_takes_out_the_oldest_only()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        foreach (var m in new[] { "hold", "1", "2", "one", "count" }) actor.Tell(m);
        await probe.Expect("1");
        await probe.Expect(1);
    }

    [Test]
    public async Task UnstashAll_with_a_filter_forgets_what_does_not_fit()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        foreach (var m in new[] { "hold", "1", "2", "3", "not 2", "count" }) actor.Tell(m);
        await probe.Expect("1");
        await probe.Expect("3");
        await probe.Expect(0);
    }

    [Test]
    public async Task ClearStash_gives_the_messages_and_Prepend_puts_them_before_the_others()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        foreach (var m in new[] { "hold", "1", "2", "clear", "3", "prepend", "go" }) actor.Tell(m);
        foreach (var expected in new[] { "cleared 2", "1", "2", "3" }) await probe.Expect(expected);
    }

    [Test]
    public async Task The_same_message_cannot_be_stashed_twice()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        actor.Tell("twice");
        await probe.Expect("IllegalActorStateException");
    }

    [Test]
    public async Task A_stash_knows_its_size_and_has_no_limit()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        foreach (var m in new[] { "hold", "1", "2" }) actor.Tell(m);
        actor.Tell("state");
        await probe.Expect("Count 2 IsEmpty False NonEmpty True IsFull False");
    }

    [Test]
    public async Task A_restart_puts_stashed_messages_back()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        foreach (var m in new[] { "hold", "1", "2", "fail", "3" }) actor.Tell(m);
        foreach (var expected in new[] { "1", "2", "3" }) await probe.Expect(expected);
    }

    [Test]
    public async Task Stashed_messages_of_a_stopped_actor_become_dead_letters()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Akka.Event.DeadLetter));
        var actor = System.ActorOf(Props.Create(() => new Stasher(probe.Ref)));
        foreach (var m in new[] { "hold", "1", "2" }) actor.Tell(m);
        await Drained(actor);
        System.Stop(actor);
        await probe.Expect<Akka.Event.DeadLetter>(d => d.Message is "1" && d.Recipient.Equals(actor));
        await probe.Expect<Akka.Event.DeadLetter>(d => d.Message is "2");
    }

    public sealed class Stasher : ReceiveActor, IWithUnboundedStash
    {
        private readonly IActorRef _probe;
        private IEnumerable<Envelope> _cleared = [];

        public Stasher(IActorRef probe)
        {
            _probe = probe;
            Open();
        }

        public IStash Stash { get; set; } = null!;

        private void Open()
        {
            Receive<string>(m =>
            {
                switch (m)
                {
                    case "hold":
                        BecomeStacked(Hold);
                        break;
                    case "twice":
                        try
                        {
                            Stash.Stash();
                            Stash.Stash();
                        }
                        catch (Exception e)
                        {
                            _probe.Tell(e.GetType().Name);
                        }
                        break;
                    case "reply":
                        Sender.Tell(m);
                        break;
                    case "count":
                        _probe.Tell(Stash.Count);
                        break;
                    default:
                        _probe.Tell(m);
                        break;
                }
            });
        }

        private void Hold()
        {
            Receive<string>(m =>
            {
                switch (m)
                {
                    case "go":
                        UnbecomeStacked();
                        Stash.UnstashAll();
                        break;
                    case "one":
                        UnbecomeStacked();
                        Stash.Unstash();
                        break;
                    case "not 2":
                        UnbecomeStacked();
                        Stash.UnstashAll(e => e.Message is not "2");
                        break;
                    case "clear":
                        _cleared = Stash.ClearStash().ToList();
                        _probe.Tell($"cleared {_cleared.Count()}");
                        break;
                    case "prepend":
                        Stash.Prepend(_cleared);
                        break;
                    case "state":
                        _probe.Tell($"Count {Stash.Count} IsEmpty {Stash.IsEmpty} NonEmpty {Stash.NonEmpty} IsFull {Stash.IsFull}");
                        break;
                    case "fail":
                        throw new InvalidOperationException("as told");
                    default:
                        Stash.Stash();
                        break;
                }
            });
        }
    }
}
