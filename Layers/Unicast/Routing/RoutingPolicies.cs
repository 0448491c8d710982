using System.Collections.Concurrent;
using Ouroboros.Hocon;
using Ouroboros.Layers.Unicast.Routing.Database;
using Ouroboros.Layers.Unicast.Routing.Graph;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>The table of routing policies: a new one is one calculator and one line here.</summary>
public static class RoutingPolicies
{
    /// <summary>What it is called in HOCON and on the command line.</summary>
    public const string Key = "routing";

    // Names and defaults of layer-management.md 5.2. A bare number is in seconds, as in the reference's files.
    private const string RecalculateKey = "ls_t_recalc";
    private const string UpdateKey = "ls_t_update";
    private const string TimeoutKey = "ls_t_timeo";
    internal const string MaxLinksKey = "ls_max_links";
    internal const string MaxLinksPerMemberKey = "ls_max_links_per_member";

    private static readonly ConcurrentDictionary<int, bool> _warm = new();

    /// <summary>Every policy of this build.</summary>
    public static IReadOnlyList<IRoutingPolicy> All { get; } =
    [
        new RoutingPolicy(0, "link-state", self => new ShortestPathCalculator(self)),
        new RoutingPolicy(1, "lfa", self => new LfaCalculator(self)),
        new RoutingPolicy(2, "ecmp", self => new EcmpCalculator(self)),
    ];

    /// <summary>The policy with this number.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> with the numbers that there are.</exception>
    public static IRoutingPolicy Find(int number) =>
        All.FirstOrDefault(p => p.Number == number)
        ?? throw new FlowException(
            FlowError.InvalidArgument, $"routing policy {number} is unknown; this build has {string.Join(", ", All.Select(p => $"{p.Number} ({p.Name})"))}");

    /// <summary>
    /// Has a calculator of this policy follow the links of a few members, so that its code is compiled, and optimised, before a layer waits for it: some 30
    /// ms, once in a process.
    /// </summary>
    public static void WarmUp(IRoutingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var database = new LinkStateDatabase();
        var calculator = policy.CreateCalculator(1);
        LinkKey[] links = [new(1, 2), new(2, 3), new(3, 4), new(4, 1), new(4, 5)];
        foreach (var link in links)
        {
            database.Add(new Lsa(link, 0), own: false, 0);
            database.Add(new Lsa(link.Reverse, 0), own: false, 0);
            Calculate();
        }
        foreach (var link in links)
        {
            database.TryFind(link, out var slot);
            foreach (var withdrawn in new[] { true, false })
            {
                database.Refresh(slot, 1, withdrawn, 0);
                Calculate();
            }
        }

        void Calculate()
        {
            calculator.Update(database.Graph);
            database.Graph.Settle();
        }
    }

    /// <summary>Does <see cref="WarmUp"/> in the background, unless that has been begun before.</summary>
    internal static void BeginWarmUp(IRoutingPolicy policy)
    {
        if (!_warm.TryAdd(policy.Number, true)) return;
        ThreadPool.UnsafeQueueUserWorkItem(static p => WarmUp(p), policy, preferLocal: false);
    }

    /// <summary>Reads which policy a layer has, <c>link-state</c> when nothing is said, and its parameters.</summary>
    /// <exception cref="HoconException">With the path of what is wrong.</exception>
    public static LinkStateConfig Read(HoconReader options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The reference's tool writes link_state, its files link-state.
        var names = All.SelectMany(p => new[] { p.Name, p.Name.Replace('-', '_') }.Distinct(), (p, name) => (name, p)).ToDictionary(e => e.name, e => e.p);
        var defaults = LinkStateConfig.Default;
        var policy = options.GetEnum(Key, names, All[defaults.Policy]);
        var timeout = Seconds(options, TimeoutKey, defaults.Timeout, 3, 86400);
        var update = Seconds(options, UpdateKey, defaults.Update < timeout / 3 ? defaults.Update : WholeSeconds(timeout / 3), 1, 28800);
        if (update * 3 > timeout)
        {
            throw options.Error(
                UpdateKey,
                $"{update.TotalSeconds} s is more than a third of {TimeoutKey} ({timeout.TotalSeconds} s): links would be given up between two announcements");
        }
        var maxLinks = options.GetInt(MaxLinksKey, defaults.MaxLinks, 16, 1 << 22);
        return new LinkStateConfig(policy.Number, Seconds(options, RecalculateKey, defaults.Recalculate, 1, 3600), update, timeout)
        {
            MaxLinks = maxLinks,
            MaxLinksPerMember = options.GetInt(MaxLinksPerMemberKey, Math.Min(defaults.MaxLinksPerMember, maxLinks), 1, maxLinks),
        };
    }

    // On the wire these are whole seconds.
    private static TimeSpan Seconds(HoconReader options, string key, TimeSpan fallback, int least, int most)
    {
        var value = options.GetDuration(key, fallback, HoconTimeUnit.Seconds, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
        return value == WholeSeconds(value) ? value : throw options.Error(key, $"{value.TotalSeconds} s is not a whole number of seconds");
    }

    private static TimeSpan WholeSeconds(TimeSpan value) => TimeSpan.FromSeconds(Math.Floor(value.TotalSeconds));
}
