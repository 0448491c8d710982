using System.Diagnostics;
using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Directory.Dht;

namespace Ouroboros.Samples.DhtSimulation.Live;

/// <summary>
/// The directory of one layer as that many live actors under one parent, as a process of IPCPs would have them, over a carrier in memory: no virtual
/// time, every message as bytes, every actor with its own mailbox and timer. Each registers a name.
/// </summary>
public sealed class LiveDirectory : IAsyncDisposable
{
    private const int JoinsAtOnce = 256;
    private const int LookupsAtOnce = 64;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly ActorSystem _system = ActorSystem.Create("directory");
    private readonly IActorRef[] _actors;
    private readonly DirectoryInbox[] _inboxes;
    private readonly LiveCarrier _carrier;
    private readonly TimeProvider _time;
    private readonly DhtOptions _options;
    private readonly Random _random;
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>Makes it without a member.</summary>
    /// <param name="actors">Members that are to join.</param>
    /// <param name="seed">Seed of who joins through whom and of what is looked up; how threads are scheduled is not in it.</param>
    /// <param name="time">Clock of the actors.</param>
    /// <param name="options">Parameters of the directory.</param>
    public LiveDirectory(int actors, int seed, TimeProvider time, DhtOptions options)
    {
        _actors = new IActorRef[actors];
        _inboxes = [.. Enumerable.Range(0, actors).Select(_ => new DirectoryInbox())];
        _carrier = new LiveCarrier(_inboxes);
        _time = time;
        _options = options;
        _random = new Random(seed);
    }

    /// <summary>Messages carried so far.</summary>
    public long Sent => _carrier.Sent;

    /// <summary>Has all join, each through a random one that is there, a few hundred at a time, and register a name.</summary>
    /// <param name="joined">Told after each few hundred how many have; awaited before the next.</param>
    public async Task JoinAsync(Func<int, Task> joined)
    {
        ArgumentNullException.ThrowIfNull(joined);
        var parent = _system.ActorOf(ActorFactory.Props(() => new LiveParent()), "ipcps");
        for (var count = 0; count < _actors.Length;)
        {
            var end = Math.Min(_actors.Length, count + Math.Clamp(count / 4, 1, JoinsAtOnce));
            var there = count;
            for (; count < end; count++) _actors[count] = await MakeAsync(parent, count, there).ConfigureAwait(false);
            await joined(count).ConfigureAwait(false);
        }
    }

    /// <summary>Looks up random names from random members.</summary>
    /// <returns>How many gave the right address.</returns>
    public async Task<int> LookUpAsync(int count, Action<int> done)
    {
        ArgumentNullException.ThrowIfNull(done);
        var found = 0;
        for (var asked = 0; asked < count;)
        {
            var batch = Enumerable.Range(0, Math.Min(LookupsAtOnce, count - asked)).Select(_ => IsFoundAsync(_random.Next(_actors.Length), _random.Next(_actors.Length))).ToList();
            asked += batch.Count;
            foreach (var result in await Task.WhenAll(batch).ConfigureAwait(false)) found += result ? 1 : 0;
            done(asked);
        }
        return found;
    }

    /// <summary>Waits until every message that was sent, and what it caused, has been handled, and no inbox holds any.</summary>
    public async Task SettleAsync()
    {
        long sent;
        do
        {
            sent = _carrier.Sent;
            // Whoever answers has handled what was before the question.
            var answers = _actors.Take(_carrier.Joined).Select(a => a.Ask<DirectoryProtocol.Description>(DirectoryProtocol.Describe.Instance, s_limit)).ToList();
            await Task.WhenAll(answers).ConfigureAwait(false);
        }
        while (sent != _carrier.Sent || _inboxes.Any(i => i.Count > 0));
    }

    /// <summary>What a run showed.</summary>
    public LiveResult Result(int lookups, int found) => new(
        _actors.Length, lookups, found, GC.GetTotalMemory(forceFullCollection: true) / _actors.Length, Process.GetCurrentProcess().PeakWorkingSet64, Sent,
        Stopwatch.GetElapsedTime(_began));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);

    private static NameHash NameOf(int member) => NameHash.Of(DirectoryHash.Sha3_256, $"service{member}");

    private static ulong AddressOf(int member) => (ulong)member + 1;

    private async Task<IActorRef> MakeAsync(IActorRef parent, int member, int there)
    {
        var peer = there == 0 ? 0 : AddressOf(_random.Next(there));
        var context = new DirectoryContext(
            new DhtConfig(_options, peer), AddressOf(member), _carrier, _inboxes[member], new DirectoryState(), _time, new Random(_random.Next()));
        _carrier.Joined = member + 1;
        var actor = await parent.Ask<IActorRef>(new LiveParent.Make(DirectoryPolicies.Find(0).CreateProps(context), $"ipcp{member}"), s_limit).ConfigureAwait(false);
        await actor.Ask<DirectoryProtocol.Answer>(new DirectoryProtocol.Register(NameOf(member)), s_limit).ConfigureAwait(false);
        return actor;
    }

    private async Task<bool> IsFoundAsync(int asker, int owner)
    {
        // A member does not find its own address.
        if (asker == owner) asker = (owner + 1) % _actors.Length;
        var answer = await _actors[asker].Ask<DirectoryProtocol.QueryAnswer>(new DirectoryProtocol.Query(NameOf(owner)), s_limit).ConfigureAwait(false);
        return answer.Addresses.Contains(AddressOf(owner));
    }
}
