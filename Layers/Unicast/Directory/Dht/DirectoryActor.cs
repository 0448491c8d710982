using System.Buffers;
using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Rib;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>
/// The actor of a DHT node, <c>/user/irmd/ipcps/NAME/directory</c>: gives the node messages, time and commands, and carries out what comes back.
/// Killed, it comes back with its id and its registrations, and finds the directory through the contacts that it had.
/// </summary>
public sealed class DirectoryActor : UntypedActor, IDhtOutput
{
    private const int Budget = 64;
    private const int MaxMembersKept = 32;
    private const string StatsFile = "stats";
    private const string DatabaseFile = "database";

    // Longer than any message that a node writes.
    [ThreadStatic]
    private static byte[]? t_buffer;

    private readonly DirectoryContext _context;
    private readonly DhtNode _node;
    private readonly long _start;
    private readonly Dictionary<long, (IActorRef Asker, NameHash Hash)> _queries = [];
    private readonly ulong _peer;
    private readonly DateTimeOffset _created;
    private ITimer? _timer;
    private long _armedFor = long.MaxValue;
    private long _lastQuery;

    /// <summary>Made by <see cref="DhtPolicy"/>.</summary>
    internal DirectoryActor(DirectoryContext context, DhtConfig config)
    {
        _context = context;
        _peer = config.Peer;
        _start = context.Time.GetTimestamp();
        _created = context.Time.GetUtcNow();
        context.State.Id ??= DhtKey.Random(context.Random, config.Options.KeyLength).Span.ToArray();
        _node = new DhtNode(config.Options, new DhtKey(context.State.Id), context.Address, this, context.Random);
    }

    private DhtTime Now => DhtTime.Of(_context.Time, _start);

    /// <inheritdoc/>
    bool IDhtOutput.Send(ulong address, in DhtMessage message)
    {
        var size = message.Size;
        var buffer = t_buffer;
        if (buffer is null || buffer.Length < size) t_buffer = buffer = new byte[Math.Max(size, 2048)];
        return _context.Carrier.Send(address, buffer.AsSpan(0, message.Write(buffer)));
    }

    /// <inheritdoc/>
    bool IDhtOutput.CanReach(ulong address) => _context.Carrier.CanReach(address);

    /// <inheritdoc/>
    int IDhtOutput.Members(Span<ulong> into)
    {
        var count = _context.Carrier.Members(into);
        foreach (var member in _context.State.Members)
        {
            if (count == into.Length) break;
            if (!into[..count].Contains(member)) into[count++] = member;
        }
        return count;
    }

    /// <inheritdoc/>
    void IDhtOutput.Complete(in DhtQueryResult result)
    {
        if (!_queries.Remove(result.Query, out var query)) return;
        var error = result.Addresses.Count > 0 ? FlowError.None
            : result.Outcome == DhtQueryOutcome.NotFound ? FlowError.NameUnknown : FlowError.TimedOut;
        query.Asker.Tell(new DirectoryProtocol.QueryAnswer(query.Hash, result.Addresses, error), Self);
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _node.Start(_peer, Now);
        foreach (var name in _context.State.Names) _node.Register(DhtKey.From(name), Now);
        _context.Inbox.Attach(Self);
        Arm();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _timer?.Dispose();
        var contacts = new DhtContact[MaxMembersKept];
        var count = _node.CopyContacts(contacts);
        if (count > 0) _context.State.Members = [.. contacts.Take(count).Select(c => c.Address)];
        // Whoever waits is not left to wait.
        foreach (var (asker, hash) in _queries.Values) asker.Tell(new DirectoryProtocol.QueryAnswer(hash, [], FlowError.TimedOut), Self);
        _queries.Clear();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DirectoryInbox.Arrived:
                Drain();
                break;
            case Due:
                _armedFor = long.MaxValue;
                _node.Tick(Now);
                break;
            case DirectoryProtocol.Register m:
                Sender.Tell(new DirectoryProtocol.Answer(m.Hash, Register(m.Hash)), Self);
                break;
            case DirectoryProtocol.Unregister m:
                var known = _context.State.Names.Remove(m.Hash);
                if (known) _node.Unregister(DhtKey.From(m.Hash), Now);
                Sender.Tell(new DirectoryProtocol.Answer(m.Hash, known ? FlowError.None : FlowError.NameUnknown), Self);
                break;
            case DirectoryProtocol.Query m:
                Query(m.Hash);
                break;
            case DirectoryProtocol.Forget m:
                if (IsKey(m.Hash)) _node.Forget(DhtKey.From(m.Hash), m.Address, Now);
                break;
            case DirectoryProtocol.AddressLost m:
                _node.Lose(m.Address, Now);
                break;
            case DirectoryProtocol.AddressesGained m:
                _node.Gain(m.Addresses, m.Members, Now);
                break;
            case RibProtocol.List:
                Sender.Tell(new RibProtocol.Files([DatabaseFile, StatsFile]), Self);
                return;
            case RibProtocol.Read m:
                Sender.Tell(new RibProtocol.Content(m.File switch
                {
                    StatsFile => new RibFile(_node.StatsText(_created)),
                    DatabaseFile => new RibFile(_node.DatabaseText()),
                    _ => null,
                }), Self);
                return;
            case DirectoryProtocol.Describe:
                Sender.Tell(new DirectoryProtocol.Description(Description()), Self);
                break;
            default:
                Unhandled(message);
                return;
        }
        Arm();
    }

    private bool IsKey(NameHash hash) => hash.Length == _node.Self.Id.Length;

    private FlowError Register(NameHash hash)
    {
        if (!IsKey(hash)) return FlowError.InvalidArgument;
        if (!_node.Register(DhtKey.From(hash), Now)) return FlowError.OutOfMemory;
        _context.State.Names.Add(hash);
        return FlowError.None;
    }

    private void Query(NameHash hash)
    {
        if (!IsKey(hash))
        {
            Sender.Tell(new DirectoryProtocol.QueryAnswer(hash, [], FlowError.NameUnknown), Self);
            return;
        }
        var query = ++_lastQuery;
        _queries[query] = (Sender, hash);
        _node.Query(query, DhtKey.From(hash), Now);
    }

    private void Drain()
    {
        for (var left = Budget; left > 0; left--)
        {
            if (!_context.Inbox.TryTake(out var message)) return;
            _node.Receive(message.Buffer.AsSpan(0, message.Length), Now);
            ArrayPool<byte>.Shared.Return(message.Buffer);
        }
        // Others have their turn before the rest.
        Self.Tell(DirectoryInbox.Arrived.Instance, ActorRefs.NoSender);
    }

    private void Arm()
    {
        var deadline = _node.NextDeadline;
        if (deadline >= _armedFor) return;
        _armedFor = deadline;
        var wait = Math.Max(deadline - Now.Milliseconds, 1);
        _timer ??= _context.Time.CreateTimer(
            static actor => ((IActorRef)actor!).Tell(Due.Instance, ActorRefs.NoSender), Self, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    private KeyValuePair<string, long>[] Description()
    {
        var counters = _node.Counters;
        return
        [
            new("contacts", _node.ContactCount),
            new("values", _node.ValueCount),
            new("registrations", _node.RegistrationCount),
            new("lookups", counters.Lookups),
            new("lookups-under-way", _node.LookupCount),
            new("timeouts", counters.Timeouts),
            new("evictions", counters.Evictions),
            new("confirmed", counters.Confirmed),
            new("withdrawn", counters.Withdrawn),
            new("unsendable", counters.Unsendable),
            new("inbox-dropped", _context.Inbox.Dropped),
            .. Enum.GetValues<DhtCode>().Select(c => new KeyValuePair<string, long>($"sent-{c}", counters.Sent(c))),
            .. Enum.GetValues<DhtCode>().Select(c => new KeyValuePair<string, long>($"received-{c}", counters.Received(c))),
            .. Enum.GetValues<DhtDrop>().Select(d => new KeyValuePair<string, long>($"dropped-{d}", counters.Dropped(d))),
        ];
    }

    /// <summary>The node wants to be called.</summary>
    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
