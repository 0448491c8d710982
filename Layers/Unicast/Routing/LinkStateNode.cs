using Ouroboros.Layers.Unicast.Routing.Database;
using Ouroboros.Layers.Unicast.Routing.Flooding;
using Ouroboros.Layers.Unicast.Routing.Graph;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>
/// Link-state routing of one member, on the reference's messages: a sans-I/O core. Links, messages and time in; messages, routes and the next
/// deadline out. One thread at a time. All times are milliseconds of a clock that only goes forward.
/// </summary>
public sealed partial class LinkStateNode
{
    /// <summary>The deadline of one that waits for nothing.</summary>
    public const long Never = long.MaxValue;

    // A change waits this long for those that come with it, and so long after the calculation before.
    private const long Gathering = 10;
    private const long Spacing = 50;

    private readonly LinkStateConfig _config;
    private readonly ulong _self;
    private readonly ILinkStateOutput _output;
    private readonly Random _random;
    private readonly RouteCalculator _calculator;
    private readonly LinkStateDatabase _database = new();
    private readonly long _recalculate;
    private readonly long _update;
    private readonly long _timeout;
    private long _calculateAt;
    private long _lastCalculation = -Spacing;
    private bool _installed;

    /// <summary>Makes a member without links.</summary>
    /// <param name="config">The layer's parameters, used as <see cref="LinkStateConfig.Clamped"/>.</param>
    /// <param name="self">Its address.</param>
    /// <param name="output">What it is connected to.</param>
    /// <param name="random">Spreads announcements in time.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: no such policy, or an address of 0.</exception>
    public LinkStateNode(LinkStateConfig config, ulong self, ILinkStateOutput output, Random random, long now)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(random);
        if (self == 0) throw new FlowException(FlowError.InvalidArgument, "0 is no address of a layer; nothing can be routed to it");
        _config = config.Clamped();
        _self = self;
        _output = output;
        _random = random;
        _recalculate = (long)_config.Recalculate.TotalMilliseconds;
        _update = (long)_config.Update.TotalMilliseconds;
        _timeout = (long)_config.Timeout.TotalMilliseconds;
        _calculator = RoutingPolicies.Find(config.Policy).CreateCalculator(self);
        // Not before what is known from elsewhere has been given.
        _calculateAt = now + Gathering;
        ScheduleUpdate(now);
    }

    /// <summary>What it has done so far.</summary>
    public LinkStateCounters Counters { get; } = new();

    /// <summary>This member's address.</summary>
    public ulong Self => _self;

    /// <summary>Links in the database, each direction counted.</summary>
    public int LinkCount => _database.Count;

    /// <summary>Members that can be reached.</summary>
    public int RouteCount => _calculator.Routes.Count;

    /// <summary>Routes as they were installed last; good as long as <see cref="ILinkStateOutput.Install"/> says.</summary>
    public IReadOnlyList<Forwarding.Route> Routes => _calculator.Routes;

    /// <summary>When <see cref="Tick"/> is to be called next.</summary>
    public long NextDeadline =>
        Math.Min(Math.Min(Math.Min(_calculateAt, _updateAt), Math.Min(_dueAt, _sendAt)), Math.Min(ExpiryOf(_database.Oldest), Math.Min(Math.Min(_idleAt, _againAt), Math.Min(_rouseAt, _agedAt))));

    /// <summary>Does what is due.</summary>
    public void Tick(long now)
    {
        Expire(now);
        if (now >= _againAt) ReplicateAgain(now);
        if (now >= _updateAt) Update(now);
        if (now >= _dueAt) SayWhatIsDue(now);
        if (now >= _rouseAt) RouseAll(now);
        if (now >= _agedAt) RouseReferences(now);
        if (now >= _idleAt) KeepBusy(now);
        Finish(now);
    }

    /// <summary>What is known of links, for inspection and to be taken over by another core; in the order of the database.</summary>
    public IReadOnlyList<LinkRecord> Links(long now) => [.. _database.InOrder().Select(slot => RecordOf(slot, now))];

    /// <summary>What is known of one link; null when nothing is.</summary>
    public LinkRecord? FindLink(LinkKey link, long now) => _database.TryFind(link, out var slot) ? RecordOf(slot, now) : null;

    private LinkRecord RecordOf(int slot, long now) => new(_database[slot].Lsa, now - _database[slot].Stamp);

    private long ExpiryOf(int slot) => slot < 0 ? Never : _database[slot].Stamp + _timeout + 1;

    private void Expire(long now)
    {
        while (_database.Oldest is >= 0 and var slot && ExpiryOf(slot) <= now)
        {
            Forget(slot, now);
            Counters.Expired++;
        }
    }

    /// <summary>To be called last by whatever the core is called with: calculates when it is time to, sends what may be sent.</summary>
    private void Finish(long now, bool urgent = false)
    {
        if (_database.Graph.NeedsSettling)
        {
            var at = urgent ? now : Math.Min(Math.Max(now + Gathering, _lastCalculation + Spacing), now + _recalculate);
            if (at < _calculateAt) _calculateAt = at;
        }
        if (now >= _calculateAt) Calculate(now);
        Send(now);
    }

    private void Calculate(long now)
    {
        _calculateAt = Never;
        _lastCalculation = now;
        var changed = _calculator.Update(_database.Graph);
        _database.Graph.Settle();
        Counters.Calculations++;
        // The first time even when there is nothing: what a predecessor installed may be out of date.
        if (!changed && _installed) return;
        _installed = true;
        Counters.Installs++;
        _output.Install(_calculator.Routes);
        foreach (var address in _calculator.Lost) _output.AddressLost(address);
        if (_calculator.Gained.Count > 0) _output.AddressesGained([.. _calculator.Gained], _calculator.Routes.Count);
    }
}
