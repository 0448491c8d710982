using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Rib;

namespace Ouroboros.Tests.Layers.Rib;

/// <summary>The tree itself: order, replacement, components of actors that live and that are gone.</summary>
public sealed class RibTreeTests
{
    private RibTree _tree = null!;
    private RibMount _mount = null!;

    [SetUp]
    public void Mount()
    {
        _tree = new RibTree();
        _mount = new RibMount();
        _tree.Add("u", _mount);
    }

    [Test]
    public async Task Components_are_sorted_and_numbers_by_value()
    {
        foreach (var name in new[] { "lsdb", "100", "9", "dht" }) _mount.Set(name, new RibFiles().Add("f", () => name));
        Assert.That((await _tree.ListAsync())!.Where(e => e.IsDirectory).Select(e => e.Path), Is.EqualTo(new[] { "u", "u/9", "u/100", "u/dht", "u/lsdb" }));
    }

    [Test]
    public async Task A_component_replaces_its_former_self_and_only_its_own_is_removed()
    {
        var old = new RibFiles().Add("f", () => "old\n");
        var now = new RibFiles().Add("f", () => "new\n");
        _mount.Set("c", old);
        _mount.Set("c", now);
        _mount.Remove("c", old);
        Assert.That((await _tree.ReadAsync("u/c/f"))!.Text, Is.EqualTo("new\n"));
        _mount.Remove("c", now);
        Assert.That(await _tree.ReadAsync("u/c/f"), Is.Null);
        _tree.Remove("u", new RibMount());
        Assert.That(await _tree.ListAsync("u"), Is.Empty, "another mount of that name is not taken out");
        _tree.Remove("u", _mount);
        Assert.That(await _tree.ListAsync("u"), Is.Null);
    }

    [Test]
    public async Task A_table_shows_what_is_there_at_the_moment()
    {
        var flows = new SortedDictionary<string, string> { ["64"] = "first\n" };
        _mount.Set("flow-allocator", new RibTable(() => flows.Keys, f => flows.TryGetValue(f, out var text) ? new RibFile(text) : null));
        Assert.That((await _tree.ReadAsync("u/flow-allocator/64"))!.Text, Is.EqualTo("first\n"));
        flows.Clear();
        Assert.That(await _tree.ReadAsync("u/flow-allocator/64"), Is.Null);
        Assert.That(await _tree.ListAsync("u/flow-allocator"), Is.Empty);
    }

    [Test]
    public async Task An_actor_answers_for_its_component_and_one_that_is_gone_is_an_error_and_an_empty_directory()
    {
        using var system = ActorSystem.Create("rib");
        var actor = system.ActorOf(ActorFactory.Props(() => new Database()));
        _mount.Set("lsdb", new ActorRib(actor));
        Assert.That((await _tree.ListAsync("u/lsdb"))!.Select(e => e.Path), Is.EqualTo(new[] { "u/lsdb/a--b" }));
        Assert.That((await _tree.ReadAsync("u/lsdb/a--b"))!.Text, Is.EqualTo("src: a\n"));
        Assert.That(await _tree.ReadAsync("u/lsdb/x"), Is.Null);

        await actor.GracefulStop(Patience.Limit);
        _mount.Set("lsdb", new ActorRib(actor, TimeSpan.FromMilliseconds(1)));
        Assert.That(await _tree.ListAsync("u/lsdb"), Is.Empty);
        Assert.That(Assert.ThrowsAsync<FlowException>(() => _tree.ReadAsync("u/lsdb/a--b"))!.Error, Is.EqualTo(FlowError.TimedOut));
    }

    [TestCase("")]
    [TestCase("a/b")]
    public void A_name_that_would_be_no_directory_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => _mount.Set(name, new RibFiles()));
        Assert.Throws<ArgumentException>(() => new RibFiles().Add(name, () => ""));
    }

    private sealed class Database : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is RibProtocol.List) Sender.Tell(new RibProtocol.Files(["a--b"]));
            else if (message is RibProtocol.Read read) Sender.Tell(new RibProtocol.Content(read.File == "a--b" ? new RibFile("src: a\n") : null));
        }
    }
}
