using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>
/// One node of the directory: a sans-I/O core. Messages, calls and <see cref="Tick"/> go in with the time; messages and results of queries come
/// out through <see cref="IDhtOutput"/>; <see cref="NextDeadline"/> says when it wants to be called again. It owns the routing table, the values
/// that it keeps for others, its own registrations and the look-ups under way. Not thread-safe; whatever comes from the network, it does not throw.
/// </summary>
public sealed partial class DhtNode
{
    /// <summary>Look-ups that run at a time (dht.md section 2).</summary>
    public const int MaxLookups = 128;

    /// <summary>Queries that wait for a look-up to end before they can begin; one more is refused.</summary>
    public const int MaxWaitingQueries = 1024;

    /// <summary>Registrations that a node makes at most.</summary>
    public const int MaxRegistrations = 65536;

    // Maintenance leaves the other half to queries.
    private const int MaxMaintenanceLookups = MaxLookups / 2;

    private readonly DhtOptions _options;
    private readonly IDhtOutput _output;
    private readonly Random _random;
    private readonly DhtLookupPool? _sharedPool;
    private readonly DhtContact _own;
    private readonly RoutingTable _table;
    private readonly ValueStore _values;
    private readonly Registrations _registrations = new();
    private readonly QueryCache _cache = new();
    private CompactList<RunningLookup> _lookups = new(UsualLookups);
    private CompactList<Probe> _probes = new(UsualProbes);
    private readonly int _maxContacts;
    private RoundTrip _roundTrip;
    private long _now;
    private long _unixNow;
    private bool _started;

    // Whether something began that is due sooner; most messages change nothing, and what would have to be looked at lies all over the memory.
    private bool _isSooner;

    /// <summary>Makes a node that does nothing before <see cref="Start"/>.</summary>
    /// <param name="options">Parameters of the layer; those out of range are moved into it.</param>
    /// <param name="id">Its id, as long as a key; random, and better the same after a restart.</param>
    /// <param name="address">Its address in the layer.</param>
    /// <param name="output">Where to send and to report.</param>
    /// <param name="random">Source of cookies and of everything random; one that others cannot foresee, outside tests.</param>
    /// <param name="pool">Look-ups at rest, for nodes that all run on one thread; null = that of the thread at hand.</param>
    public DhtNode(DhtOptions options, DhtKey id, ulong address, IDhtOutput output, Random random, DhtLookupPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(random);
        _options = options.Clamped();
        if (id.Length != _options.KeyLength)
        {
            throw new FlowException(FlowError.InvalidArgument, $"a node id of {id.Length} bytes does not go with keys of {_options.KeyLength}");
        }
        if (address == 0 || address > _options.MaxAddress)
        {
            throw new FlowException(FlowError.InvalidArgument, $"{address} is no address of this layer");
        }
        _output = output;
        _random = random;
        _sharedPool = pool;
        _own = new DhtContact(id, address);
        _table = new RoutingTable(id, _options.K);
        _values = new ValueStore(_options);
        _maxContacts = Math.Min(_options.K, MaxContactsOf(_options));
    }

    /// <summary>Its id and address.</summary>
    public DhtContact Self => _own;

    /// <summary>Contacts that have answered.</summary>
    public int ContactCount => _table.Count;

    /// <summary>Values kept for others.</summary>
    public int ValueCount => _values.Count;

    /// <summary>Names registered here.</summary>
    public int RegistrationCount => _registrations.Count;

    /// <summary>Look-ups under way.</summary>
    public int LookupCount => _lookups.Count;

    /// <summary>Whether an answer ever came: the node is part of the directory.</summary>
    public bool IsSeeded { get; private set; }

    /// <summary>What it has done so far.</summary>
    public DhtCounters Counters { get; } = new();

    /// <summary>When it wants to be called, on the clock of <see cref="DhtTime.Milliseconds"/>; <see cref="long.MaxValue"/> when it does not.</summary>
    public long NextDeadline { get; private set; } = long.MaxValue;

    /// <summary>Begins: seeds itself from a member, if there is one.</summary>
    /// <param name="peer">Address of the member that this one enrolled with; 0 for the first of a layer.</param>
    /// <param name="now">The time.</param>
    public void Start(ulong peer, DhtTime now)
    {
        Enter(now);
        _started = true;
        BeginMaintenance(peer);
        Leave();
    }

    /// <summary>Registers a name, and tells the nodes near its key. Again: tells them again.</summary>
    /// <returns>false when there are too many.</returns>
    public bool Register(in DhtKey key, DhtTime now)
    {
        Enter(now);
        var done = key.Length == _options.KeyLength && AddRegistration(key);
        Leave();
        return done;
    }

    /// <summary>Takes a registration back, and tells the nodes that keep it.</summary>
    /// <returns>false when it was not registered.</returns>
    public bool Unregister(in DhtKey key, DhtTime now)
    {
        Enter(now);
        var done = RemoveRegistration(key);
        Leave();
        return done;
    }

    /// <summary>Asks where a name is registered. The result comes through <see cref="IDhtOutput.Complete"/>, possibly before this returns.</summary>
    /// <param name="query">A number that the result carries.</param>
    /// <param name="key">The name's key.</param>
    /// <param name="now">The time.</param>
    public void Query(long query, in DhtKey key, DhtTime now)
    {
        Enter(now);
        BeginQuery(new QueryWaiter(query, 0, 0, _now), key);
        Leave();
    }

    /// <summary>A flow to an address of a name failed: the next query of the name is to search anew.</summary>
    public void Forget(in DhtKey key, ulong address, DhtTime now)
    {
        Enter(now);
        _cache.Forget(key, address);
        // A copy that is kept here is no better: its owner is to be asked again.
        if (_values.Find(key, address) is { } value) AskOwner(value);
        Leave();
    }

    /// <summary>Routing no longer knows the address.</summary>
    public void Lose(ulong address, DhtTime now)
    {
        Enter(now);
        if (_table.Remove(address)) Counters.Evictions++;
        Leave();
    }

    /// <summary>
    /// Routing reaches members that it did not reach before. One among many finds us by himself; where they are many, or nobody is known here, a layer
    /// has just been joined or two parts of it have met, and their directories have to.
    /// </summary>
    /// <param name="addresses">Theirs.</param>
    /// <param name="members">Members that are reached, in all.</param>
    /// <param name="now">The time.</param>
    public void Gain(IReadOnlyList<ulong> addresses, int members, DhtTime now)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        Enter(now);
        NoteGrowth(members);
        if (_started && addresses.Count > 0 && (_table.Count == 0 || addresses.Count * (long)ManyShare >= members)) Join(addresses);
        Leave();
    }

    /// <summary>Does what is due.</summary>
    public void Tick(DhtTime now)
    {
        Enter(now);
        TickLookups();
        TickProbes();
        TickMaintenance();
        Leave();
    }

    /// <summary>Whether the name is registered here.</summary>
    public bool IsRegistered(in DhtKey key) => _registrations.Contains(key);

    /// <summary>Whether a value of the key is kept here for somebody else.</summary>
    internal bool Keeps(in DhtKey key) => _values.CopyTo(key, _unixNow, stackalloc ulong[ValueStore.MaxPerKey]) > 0;

    /// <summary>Addresses of contacts, to find the directory again after a restart.</summary>
    public int CopyContacts(Span<DhtContact> into) => _table.CopyTo(into);

    // Answers with more would not fit the layers below, and be lost.
    private static int MaxContactsOf(DhtOptions options)
    {
        const int Varint = 10;
        var contact = 2 + 1 + 2 + options.KeyLength + 1 + Varint;
        var others = 2 + 3 + contact + (3 + 1 + Varint + 2 + options.KeyLength) + (2 + (ValueStore.MaxPerKey * (2 + AddressValue.Length))) + 2;
        return Math.Max(1, (options.MaxMessageLength - others) / contact);
    }

    private void Enter(DhtTime now)
    {
        // A clock that goes back would have time-outs wait for it.
        _now = Math.Max(_now, now.Milliseconds);
        _unixNow = now.UnixSeconds;
    }

    private void Leave()
    {
        _isSooner = false;
        var next = _started ? MaintenanceDeadline() : long.MaxValue;
        foreach (ref readonly var lookup in _lookups.Span) next = Math.Min(next, lookup.Due);
        foreach (ref readonly var probe in _probes.Span) next = Math.Min(next, probe.Due);
        NextDeadline = next;
    }

    private DhtLookupPool Pool => _sharedPool ?? DhtLookupPool.OfThread;

    private bool Send(ulong address, in DhtMessage message)
    {
        if (address == _own.Address || !_output.Send(address, message))
        {
            Counters.Unsendable++;
            return false;
        }
        Counters.CountSent(message.Code);
        return true;
    }

    private bool SendFind(ulong address, in DhtKey key, ulong cookie, bool forValues) => Send(address, new DhtMessage
    {
        Code = forValues ? DhtCode.FindValueRequest : DhtCode.FindNodeRequest,
        Source = _own,
        Key = key,
        Cookie = cookie,
        IsMarked = true,
    });

    private bool SendStore(ulong address, in DhtKey key, ulong value, uint expiry) => Send(address, new DhtMessage
    {
        Code = DhtCode.Store,
        Source = _own,
        Key = key,
        Value = value,
        Expiry = expiry,
        IsMarked = true,
    });

    private bool IsAddress(ulong address) => address != 0 && address <= _options.MaxAddress;

    private static ulong CookieOf(ulong first, int tries) => unchecked(first + (ulong)tries - 1);

    private ulong NewCookie()
    {
        var cookie = unchecked((ulong)_random.NextInt64(long.MinValue, long.MaxValue));
        return cookie == 0 ? 1 : cookie;
    }

    private int Seconds => (int)(_now / 1000);
}
