using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class ActorPathTests : ActorTest
{
    [Test]
    public void The_path_of_a_top_level_actor_is_below_user()
    {
        var path = NewProbe("parent").Ref.Path;
        Assert.That(path.ToString(), Is.EqualTo($"akka://{System.Name}/user/parent"));
        Assert.That(path.ToStringWithoutAddress(), Is.EqualTo("/user/parent"));
        Assert.That(path.Name, Is.EqualTo("parent"));
        Assert.That(path.Elements, Is.EqualTo(new[] { "user", "parent" }));
        Assert.That(path.Address, Is.EqualTo(new Address("akka", System.Name)));
        Assert.That(path.Parent.Name, Is.EqualTo("user"));
        Assert.That(path.Parent.Parent, Is.EqualTo(path.Root));
        Assert.That(path.Depth, Is.EqualTo(2));
    }

    [Test]
    public async Task The_path_of_a_child_is_below_its_parent()
    {
        var parent = NewProbe("parent");
        IActorRef child = ActorRefs.Nobody;
        await parent.Run(c => child = c.ActorOf(Props.Empty, "child"));
        Assert.That(child.Path, Is.EqualTo(parent.Ref.Path / "child"));
        Assert.That(child.Path.ToString(), Does.EndWith("/user/parent/child"));
    }

    [Test]
    public void An_actor_has_a_uid_that_its_path_shows_on_request()
    {
        var path = NewProbe("a").Ref.Path;
        Assert.That(path.Uid, Is.Not.Zero);
        Assert.That(path.ToStringWithUid(), Is.EqualTo($"{path}#{path.Uid}"));
        Assert.That(NewProbe("b").Ref.Path.Uid, Is.Not.EqualTo(path.Uid));
    }

    [Test]
    public void Paths_are_equal_whatever_their_uid()
    {
        var path = NewProbe("a").Ref.Path;
        var other = path.WithUid(4711);
        Assert.That(other.Uid, Is.EqualTo(4711));
        Assert.That(other, Is.EqualTo(path));
        Assert.That(other == path, Is.True);
        Assert.That(other.GetHashCode(), Is.EqualTo(path.GetHashCode()));
        Assert.That(path / "x", Is.Not.EqualTo(path / "y"));
        Assert.That((path / "x").CompareTo(path / "y"), Is.LessThan(0));
    }

    [Test]
    public void A_path_can_be_read_back_with_its_uid()
    {
        var path = NewProbe("a").Ref.Path;
        var parsed = ActorPath.Parse(path.ToStringWithUid());
        Assert.That(parsed, Is.EqualTo(path));
        Assert.That(parsed.Uid, Is.EqualTo(path.Uid));
        Assert.That(ActorPath.Parse("akka://other/user/x").Elements, Is.EqualTo(new[] { "user", "x" }));
    }

    [Test]
    public void Text_that_is_no_path_is_refused()
    {
        Assert.Throws<UriFormatException>(() => ActorPath.Parse("/user/a"));
        Assert.That(ActorPath.TryParse("no path", out _), Is.False);
        Assert.That(ActorPath.TryParse("akka://sys/user/a", out var path), Is.True);
        Assert.That(path!.Address.System, Is.EqualTo("sys"));
    }

    [Test]
    public void A_path_is_built_with_slashes()
    {
        var root = new RootActorPath(new Address("akka", "sys"));
        Assert.That((root / "user" / "a").ToString(), Is.EqualTo("akka://sys/user/a"));
        Assert.That((root / new[] { "user", "a", "b" }).Elements, Has.Count.EqualTo(3));
        Assert.That(root.ToString(), Is.EqualTo("akka://sys/"));
    }

    [TestCase("a", true)]
    [TestCase("a-b_c.d*e$f+1:2@3&4=5,6!7~8'9;(0)", true)]
    [TestCase("%20", true)]
    [TestCase("$a", false)]
    [TestCase("", false)]
    [TestCase("a/b", false)]
    [TestCase("a#b", false)]
    [TestCase("a b", false)]
    [TestCase("%2", false)]
    [TestCase("é", false)]
    public void Names_hold_uri_characters_only(string name, bool valid) =>
        Assert.That(ActorPath.IsValidPathElement(name), Is.EqualTo(valid));

    [Test]
    public void A_reference_shows_its_path_and_uid()
    {
        var actor = NewProbe("a").Ref;
        Assert.That(actor.ToString(), Is.EqualTo($"[{actor.Path.ToStringWithUid()}]"));
    }

    [Test]
    public void References_are_compared_by_path_and_uid()
    {
        IActorRef a = NewProbe("a").Ref, b = NewProbe("b").Ref;
        Assert.That(a.Equals(a), Is.True);
        Assert.That(a.Equals(b), Is.False);
        Assert.That(a.CompareTo(b), Is.LessThan(0));
        Assert.That(new HashSet<IActorRef> { a, b, a }, Has.Count.EqualTo(2));
        Assert.That(ActorRefs.NoSender, Is.Null);
        Assert.That(ActorRefs.Nobody.IsNobody(), Is.True);
        Assert.That(System.DeadLetters.IsNobody(), Is.True);
        Assert.That(a.IsNobody(), Is.False);
    }

    [Test]
    public void Addresses_are_read_and_compared()
    {
        var address = new Address("akka.tcp", "sys", "Host", 4711);
        Assert.That(address.ToString(), Is.EqualTo("akka.tcp://sys@host:4711"));
        Assert.That(address, Is.EqualTo(new Address("akka.tcp", "sys", "host", 4711)));
        Assert.That(address.HasGlobalScope, Is.True);
        Assert.That(new Address("akka", "sys").HasLocalScope, Is.True);
        Assert.That(ActorPath.Parse("akka.tcp://sys@host:4711/user/a").Address, Is.EqualTo(address));
    }
}
