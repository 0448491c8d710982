using Akka.Actor;
using Akka.Actor.Setup;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Directory.Dht;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Directory actors under one parent that restarts them, over a carrier in memory.</summary>
public sealed class DirectoryActorTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly NameHash s_name = NameHash.Of(DirectoryHash.Sha3_256, "service");

    private readonly Dictionary<ulong, DirectoryInbox> _inboxes = [];
    private readonly Dictionary<ulong, IActorRef> _actors = [];
    private ManualTimeProvider _time = null!;
    private long _sent;
    private ActorSystem _system = null!;
    private IActorRef _parent = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _inboxes.Clear();
        _actors.Clear();
        _time = new ManualTimeProvider();
        _system = ActorSystem.Create("directory");
        _parent = _system.ActorOf(ActorFactory.Props(() => new RestartingParent()), "parent");
        for (ulong address = 1; address <= 8; address++) _actors[address] = await MakeAsync(address, address == 1 ? 0 : 1UL);
    }

    [TearDown]
    public async Task StopAsync() => await _system.Terminate();

    [Test]
    public async Task A_name_is_registered_found_and_taken_back()
    {
        await SeededAsync();
        Assert.That((await AskAsync<DirectoryProtocol.Answer>(3, new DirectoryProtocol.Register(s_name))).Error, Is.EqualTo(FlowError.None));
        await FoundAsync(7, [3]);
        Assert.That((await AskAsync<DirectoryProtocol.Answer>(3, new DirectoryProtocol.Unregister(s_name))).Error, Is.EqualTo(FlowError.None));
        Assert.That((await AskAsync<DirectoryProtocol.Answer>(3, new DirectoryProtocol.Unregister(s_name))).Error, Is.EqualTo(FlowError.NameUnknown));
        await FoundAsync(6, []);
    }

    [Test]
    public async Task A_killed_directory_comes_back_with_its_names_and_finds_the_others_again()
    {
        await SeededAsync();
        await AskAsync<DirectoryProtocol.Answer>(1, new DirectoryProtocol.Register(s_name));
        await FoundAsync(5, [1]);
        // The first member has no peer to go back to: it has to find one of those that it knew.
        _actors[1].Tell(Kill.Instance);
        await UntilAsync(async () => (await DescribeAsync(1))["contacts"] > 0 && (await DescribeAsync(1))["registrations"] == 1);
        // All who keep it are killed, too: only the registration that came back can bring it to them again.
        for (ulong address = 2; address <= 8; address++) _actors[address].Tell(Kill.Instance);
        await FoundAsync(5, [1]);
        Assert.That((await AskAsync<DirectoryProtocol.Answer>(1, new DirectoryProtocol.Unregister(s_name))).Error, Is.EqualTo(FlowError.None));
    }

    [Test]
    public async Task Who_waits_for_a_directory_that_is_killed_is_answered()
    {
        await SeededAsync();
        foreach (var inbox in _inboxes.Keys.Where(a => a != 2).ToList()) _inboxes[inbox] = new DirectoryInbox();
        var asked = _actors[2].Ask<DirectoryProtocol.QueryAnswer>(new DirectoryProtocol.Query(s_name), s_limit);
        _actors[2].Tell(Kill.Instance);
        Assert.That((await GetAsync(asked)).Addresses, Is.Empty);
    }

    [Test]
    public async Task A_hash_of_another_length_is_refused_and_garbage_is_counted()
    {
        var other = NameHash.Of(DirectoryHash.Sha3_512, "x");
        Assert.That((await AskAsync<DirectoryProtocol.Answer>(2, new DirectoryProtocol.Register(other))).Error, Is.EqualTo(FlowError.InvalidArgument));
        Assert.That((await AskAsync<DirectoryProtocol.QueryAnswer>(2, new DirectoryProtocol.Query(other))).Error, Is.EqualTo(FlowError.NameUnknown));
        for (var i = 0; i < 500; i++) _inboxes[2].Post([1, 2, 3]);
        await UntilAsync(async () => (await DescribeAsync(2))["dropped-Malformed"] == 500);
    }

    [Test]
    public void A_full_inbox_drops_the_oldest_and_counts_it()
    {
        var inbox = new DirectoryInbox();
        for (var i = 0; i < DirectoryInbox.Capacity + 10; i++) inbox.Post([(byte)(i >> 8), (byte)i]);
        Assert.That(inbox.Count, Is.EqualTo(DirectoryInbox.Capacity));
        Assert.That(inbox.Dropped, Is.EqualTo(10));
        Assert.That(inbox.TryTake(out var first), Is.True);
        Assert.That(first.Buffer.AsSpan(0, first.Length).ToArray(), Is.EqualTo(new byte[] { 0, 10 }));
        inbox.Post(new byte[70_000]);
        Assert.That(inbox.Dropped, Is.EqualTo(11));
    }

    private async Task<IActorRef> MakeAsync(ulong address, ulong peer)
    {
        _inboxes[address] = new DirectoryInbox();
        var context = new DirectoryContext(
            new DhtConfig(new DhtOptions(), peer), address, new Carrier(this), _inboxes[address], new DirectoryState(), _time,
            new Random((int)address));
        return await _parent.Ask<IActorRef>(new RestartingParent.Make(DirectoryPolicies.Find(0).CreateProps(context), $"directory{address}"), s_limit);
    }

    private Task SeededAsync() => UntilAsync(async () =>
    {
        foreach (var address in _actors.Keys)
        {
            if ((await DescribeAsync(address))["contacts"] < 2) return false;
        }
        return true;
    });

    private Task FoundAsync(ulong by, ulong[] addresses) => UntilAsync(async () =>
        (await AskAsync<DirectoryProtocol.QueryAnswer>(by, new DirectoryProtocol.Query(s_name))).Addresses.SequenceEqual(addresses));

    private async Task<Dictionary<string, long>> DescribeAsync(ulong address) =>
        (await AskAsync<DirectoryProtocol.Description>(address, DirectoryProtocol.Describe.Instance)).Values.ToDictionary(p => p.Key, p => p.Value);

    private Task<T> AskAsync<T>(ulong address, object message) => _actors[address].Ask<T>(message, s_limit);

    // Once everything is at rest, time goes on, in steps shorter than any request is waited for: the clock does not pass by an answer on its way.
    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var step = 0; !await GetAsync(condition()); step++)
        {
            Assert.That(step, Is.LessThan(5000), "never came about");
            await PassAsync();
        }
    }

    private async Task<T> GetAsync<T>(Task<T> answer)
    {
        while (!answer.IsCompleted) await PassAsync();
        return await answer;
    }

    private async Task PassAsync()
    {
        long sent;
        do
        {
            sent = Interlocked.Read(ref _sent);
            // Whoever answers has handled what was before the question.
            foreach (var actor in _actors.Values) await actor.Ask<DirectoryProtocol.Description>(DirectoryProtocol.Describe.Instance, s_limit);
        }
        while (sent != Interlocked.Read(ref _sent));
        _time.Advance(TimeSpan.FromMilliseconds(20));
    }

    private sealed class Carrier(DirectoryActorTests test) : IDirectoryCarrier
    {
        public bool Send(ulong address, ReadOnlySpan<byte> message)
        {
            if (!test._inboxes.TryGetValue(address, out var inbox)) return false;
            Interlocked.Increment(ref test._sent);
            inbox.Post(message);
            return true;
        }

        public bool CanReach(ulong address) => test._inboxes.ContainsKey(address);

        public int Members(Span<ulong> into) => 0;
    }
}
