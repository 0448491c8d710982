using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class NamingTests : ActorTest
{
    [TestCase("")]
    [TestCase("$x")]
    [TestCase("a/b")]
    [TestCase("ü")]
    public void A_malformed_name_is_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => System.ActorOf(Props.Empty, name));

    [Test]
    public async Task A_name_is_unique_among_siblings()
    {
        System.ActorOf(Props.Empty, "a");
        Assert.Throws<InvalidActorNameException>(() => System.ActorOf(Props.Empty, "a"));
        var parent = NewProbe();
        await parent.Run(c =>
        {
            c.ActorOf(Props.Empty, "a");
            Assert.Throws<InvalidActorNameException>(() => c.ActorOf(Props.Empty, "a"));
        });
    }

    [Test]
    public async Task Actors_without_name_get_one_that_starts_with_a_dollar()
    {
        var parent = NewProbe();
        await parent.Run(c =>
        {
            Assert.That(c.ActorOf(Props.Empty).Path.Name, Is.EqualTo("$a"));
            Assert.That(c.ActorOf(Props.Empty, "named").Path.Name, Is.EqualTo("named"));
            Assert.That(c.ActorOf(Props.Empty).Path.Name, Is.EqualTo("$b"));
            Assert.That(c.Child("$a").Path.Name, Is.EqualTo("$a"));
        });
    }

    [Test]
    public async Task The_name_of_a_child_is_free_when_the_parent_is_told_of_its_end_and_the_new_child_is_another_actor()
    {
        var parent = NewProbe();
        IActorRef old = ActorRefs.Nobody, fresh = ActorRefs.Nobody;
        await parent.Run(c => c.Stop(c.Watch(old = c.ActorOf(Props.Empty, "a"))));
        await parent.Expect<Terminated>();
        await parent.Run(c => fresh = c.ActorOf(Props.Empty, "a"));
        Assert.That(fresh.Path, Is.EqualTo(old.Path));
        Assert.That(fresh.Path.Uid, Is.Not.EqualTo(old.Path.Uid));
        Assert.That(fresh, Is.Not.EqualTo(old));
    }

    [Test]
    public async Task The_name_of_a_child_is_taken_while_it_is_stopping()
    {
        var parent = NewProbe();
        await parent.Run(c =>
        {
            c.Stop(c.ActorOf(Props.Empty, "a"));
            Assert.Throws<InvalidActorNameException>(() => c.ActorOf(Props.Empty, "a"));
        });
    }

    [Test]
    public async Task Children_are_found_by_name()
    {
        var parent = NewProbe();
        await parent.Run(c =>
        {
            var a = c.ActorOf(Props.Empty, "a");
            var b = c.ActorOf(Props.Empty, "b");
            Assert.That(c.Child("a"), Is.EqualTo(a));
            Assert.That(c.Child("x"), Is.EqualTo(ActorRefs.Nobody));
            Assert.That(c.GetChildren(), Is.EquivalentTo(new[] { a, b }));
        });
    }

    [Test]
    public async Task Many_children_are_all_found()
    {
        var parent = NewProbe();
        await parent.Run(c =>
        {
            var children = Enumerable.Range(0, 2000).Select(i => c.ActorOf(Props.Empty, i % 2 == 0 ? null : $"c{i}")).ToArray();
            Assert.That(children.All(child => c.Child(child.Path.Name).Equals(child)), Is.True);
            Assert.That(c.GetChildren().Count(), Is.EqualTo(2000));
        });
    }
}
