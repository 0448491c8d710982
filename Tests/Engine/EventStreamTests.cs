using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class EventStreamTests : ActorTest
{
    private interface IMarked
    {
    }

    private record Base(int Id);

    private sealed record Derived(int Id) : Base(Id), IMarked;

    [Test]
    public async Task Subscribers_get_events_of_their_type()
    {
        var probe = NewProbe();
        Assert.That(System.EventStream.Subscribe(probe.Ref, typeof(Base)), Is.True);
        Assert.That(System.EventStream.Subscribe(probe.Ref, typeof(Base)), Is.False, "it is subscribed already");
        System.EventStream.Publish("another type");
        System.EventStream.Publish(new Base(1));
        await probe.Expect(new Base(1));
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task Subscribers_get_events_of_derived_types_and_of_types_with_their_interface()
    {
        Probe byBase = NewProbe(), byInterface = NewProbe(), byObject = NewProbe();
        System.EventStream.Subscribe(byBase.Ref, typeof(Base));
        System.EventStream.Subscribe(byInterface.Ref, typeof(IMarked));
        System.EventStream.Subscribe(byObject.Ref, typeof(object));
        System.EventStream.Publish(new Derived(1));
        await byBase.Expect(new Derived(1));
        await byInterface.Expect(new Derived(1));
        await byObject.Fish<Derived>();
    }

    [Test]
    public async Task A_subscriber_that_two_subscriptions_fit_gets_the_event_once()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Base));
        System.EventStream.Subscribe<Derived>(probe.Ref);
        System.EventStream.Publish(new Derived(1));
        await probe.Expect(new Derived(1));
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task Unsubscribe_ends_one_subscription_or_all()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(string));
        System.EventStream.Subscribe(probe.Ref, typeof(Base));
        Assert.That(System.EventStream.Unsubscribe<string>(probe.Ref), Is.True);
        Assert.That(System.EventStream.Unsubscribe(probe.Ref, typeof(string)), Is.False);
        System.EventStream.Publish("x");
        System.EventStream.Publish(new Base(1));
        await probe.Expect(new Base(1));
        Assert.That(System.EventStream.Unsubscribe(probe.Ref), Is.True);
        System.EventStream.Publish(new Base(2));
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task An_actor_that_has_stopped_is_unsubscribed()
    {
        var probe = NewProbe();
        var dead = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Base));
        await probe.Ref.GracefulStop(Patience);
        Assert.That(() => System.EventStream.Unsubscribe(probe.Ref), Is.False.After((int)Patience.TotalMilliseconds, 1));
    }
}
