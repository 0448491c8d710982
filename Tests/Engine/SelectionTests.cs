using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class SelectionTests : ActorTest
{
    /// <summary>/user/top with children a, b and c1, c2; a has a child x, b has a child x; all tell the probe who they are.</summary>
    private async Task<Probe> Tree()
    {
        var probe = NewProbe("probe");
        Props Node(params (string Name, Props Props)[] children) => Scripted.Props((c, m) =>
        {
            if (m is string) probe.Ref.Tell(c.Self.Path.ToStringWithoutAddress()["/user/".Length..]);
            else ((Action<IActorContext>)m)(c);
        }, new Scripted.Hooks
        {
            PreStart = c =>
            {
                foreach (var child in children) c.ActorOf(child.Props, child.Name);
            },
        });
        var top = System.ActorOf(Node(("a", Node(("x", Node()))), ("b", Node(("x", Node()))), ("c1", Node()), ("c2", Node())), "top");
        await Drained(top);
        foreach (var name in new[] { "a", "b" })
            await System.ActorSelection($"/user/top/{name}").Ask<ActorIdentity>(new Identify(0), Patience);
        return probe;
    }

    [TestCase("/user/top", new[] { "top" })]
    [TestCase("/user/top/a", new[] { "top/a" })]
    [TestCase("/user/top/a/x", new[] { "top/a/x" })]
    [TestCase("/user/top/a/../b", new[] { "top/b" })]
    [TestCase("/user/top/*", new[] { "top/a", "top/b", "top/c1", "top/c2" })]
    [TestCase("/user/top/c?", new[] { "top/c1", "top/c2" })]
    [TestCase("/user/top/c*", new[] { "top/c1", "top/c2" })]
    [TestCase("/user/top/*/x", new[] { "top/a/x", "top/b/x" })]
    [TestCase("/user/t*/a", new[] { "top/a" })]
    [TestCase("/user/top/**", new[] { "top/a", "top/a/x", "top/b", "top/b/x", "top/c1", "top/c2" })]
    [TestCase("/user/top/a/**", new[] { "top/a/x" })]
    public async Task An_absolute_path_selects(string path, string[] expected)
    {
        var probe = await Tree();
        System.ActorSelection(path).Tell("who");
        var seen = new List<string>();
        for (var i = 0; i < expected.Length; i++) seen.Add(await probe.Expect<string>());
        Assert.That(seen, Is.EquivalentTo(expected));
        await probe.ExpectNothingBefore("fence");
    }

    [TestCase("x", new[] { "top/a/x" })]
    [TestCase("../b", new[] { "top/b" })]
    [TestCase("../b/x", new[] { "top/b/x" })]
    [TestCase("..", new[] { "top" })]
    [TestCase("../c*", new[] { "top/c1", "top/c2" })]
    [TestCase("../../probe", new string[0])]
    [TestCase("/user/top/b", new[] { "top/b" })]
    public async Task A_relative_path_selects_from_the_actor(string path, string[] expected)
    {
        var probe = await Tree();
        System.ActorSelection("/user/top/a").Tell((Action<IActorContext>)(c => c.ActorSelection(path).Tell("who")));
        if (expected.Length == 0)
        {
            await probe.Expect("who");
            return;
        }
        var seen = new List<string>();
        for (var i = 0; i < expected.Length; i++) seen.Add(await probe.Expect<string>());
        Assert.That(seen, Is.EquivalentTo(expected));
    }

    [Test]
    public async Task A_selection_can_be_made_from_a_path_an_address_and_an_anchor()
    {
        var probe = await Tree();
        var a = await System.ActorSelection("/user/top/a").ResolveOne(Patience);
        System.ActorSelection(a.Path).Tell("who");
        await probe.Expect("top/a");
        System.ActorSelection(a.Path.ToString()).Tell("who");
        await probe.Expect("top/a");
        System.ActorSelection(a, "x").Tell("who");
        await probe.Expect("top/a/x");
        new ActorSelection(a, "../b").Tell("who");
        await probe.Expect("top/b");
    }

    [Test]
    public async Task ResolveOne_gives_the_actor()
    {
        var probe = NewProbe("one");
        Assert.That(await System.ActorSelection("/user/one").ResolveOne(Patience), Is.EqualTo(probe.Ref));
        Assert.ThrowsAsync<ActorNotFoundException>(() => System.ActorSelection("/user/none").ResolveOne(Patience));
    }

    [Test]
    public async Task What_is_sent_to_a_place_without_actor_is_a_dead_letter()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        System.ActorSelection("/user/none/there").Tell("x", probe.Ref);
        await probe.Expect<DeadLetter>(d => d.Message is "x" && d.Sender.Equals(probe.Ref)
            && d.Recipient.Path.ToStringWithoutAddress() == "/user/none/there");
        System.ActorSelection("").Tell("y");
        await probe.Expect<DeadLetter>(d => d.Message is "y");
    }

    [Test]
    public async Task A_selection_of_another_system_goes_to_dead_letters()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        System.ActorSelection("akka://elsewhere/user/x").Tell("x");
        await probe.Expect<DeadLetter>(d => d.Message is "x");
    }

    [Test]
    public async Task The_sender_of_a_selection_is_the_actor_that_runs()
    {
        var echo = Act((c, m) => c.Sender.Tell(m), "echo");
        var probe = NewProbe();
        await probe.Run(c => c.ActorSelection("/user/echo").Tell("x"));
        await probe.Expect("x");
        Assert.That(probe.LastSender, Is.EqualTo(echo));
    }

    [Test]
    public void A_double_wildcard_must_come_last() =>
        Assert.Throws<IllegalActorNameException>(() => System.ActorSelection("/user/**/x"));

    [Test]
    public void Selections_show_and_compare_anchor_and_path()
    {
        var selection = System.ActorSelection("/user/a/*");
        Assert.That(selection.PathString, Is.EqualTo("/user/a/*"));
        Assert.That(selection.Anchor.Path, Is.EqualTo(new RootActorPath(new Address("akka", System.Name))));
        Assert.That(selection, Is.EqualTo(System.ActorSelection("/user/a/*")));
        Assert.That(selection, Is.Not.EqualTo(System.ActorSelection("/user/b/*")));
        Assert.That(selection.ToString(), Is.EqualTo($"ActorSelection[Anchor(akka://{System.Name}/), Path(/user/a/*)]"));
    }
}
