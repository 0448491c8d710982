using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Tests.Layers.Shim;

public class PathWatchTests : PoolTest
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(100);

    private readonly Dictionary<LinkAddress, int> _paths = [];
    private readonly List<LinkAddress> _asked = [];
    private readonly List<ShimFlow> _flows = [];
    private PathWatch _watch = null!;

    [SetUp]
    public void SetUpWatch()
    {
        _paths.Clear();
        _asked.Clear();
        _flows.Clear();
        _watch = new PathWatch(peer =>
        {
            _asked.Add(peer);
            return _paths.GetValueOrDefault(peer, int.MaxValue);
        });
    }

    [Test]
    public void A_flow_knows_its_path_when_it_opens_and_follows_it_within_a_second()
    {
        _paths[Peer(1)] = 1468;
        var flow = Open(1);
        Assert.That((flow.PathPayload, _watch.Deadline), Is.EqualTo((1468, Start + PathWatch.Interval)));

        _paths[Peer(1)] = 1268;
        _watch.Tick(_flows, Start + (PathWatch.Interval / 2));
        Assert.That(flow.PathPayload, Is.EqualTo(1468), "it is not asked more often");
        _watch.Tick(_flows, Start + PathWatch.Interval);
        Assert.That((flow.PathPayload, _watch.Deadline), Is.EqualTo((1268, Start + (2 * PathWatch.Interval))));
        _paths.Clear();
        _watch.Tick(_flows, Start + (2 * PathWatch.Interval));
        Assert.That(flow.PathPayload, Is.EqualTo(int.MaxValue), "no route: nothing is known");
    }

    [Test]
    public void Flows_to_one_peer_are_one_question_and_peers_without_flows_are_forgotten()
    {
        for (var i = 0; i < 10; i++) Open(1);
        Open(2);
        Assert.That(_asked, Is.EqualTo(new[] { Peer(1), Peer(2) }));
        _flows.RemoveAt(_flows.Count - 1);
        _asked.Clear();
        _watch.Tick(_flows, Start + PathWatch.Interval);
        Assert.That((_asked.Single(), _watch.Peers), Is.EqualTo((Peer(1), 1)));
    }

    [Test]
    public void Ten_thousand_peers_are_asked_about_no_faster_than_a_few_hundred_a_second()
    {
        const int count = 10_000;
        for (var i = 0; i < count; i++) Open(i);
        var now = Start + PathWatch.Interval;
        _asked.Clear();
        _watch.Tick(_flows, now);
        Assert.That(_asked, Has.Count.EqualTo(count));
        Assert.That(count / (_watch.Deadline - now).TotalSeconds, Is.LessThanOrEqualTo(PathWatch.PeersPerLook / PathWatch.Interval.TotalSeconds));
    }

    [Test]
    public void One_source_takes_half_of_the_room_and_leaves_the_rest_to_others()
    {
        var quota = new SourceQuota(3);
        for (var i = 0; i < 3; i++) Assert.That(quota.TryEnter(Peer(1)), Is.True);
        Assert.That(quota.TryEnter(Peer(1)), Is.False);
        // By their hash two may fall together, but not all of these.
        Assert.That(Enumerable.Range(2, 8).Any(i => quota.TryEnter(Peer(i))), Is.True);
        quota.Leave(Peer(1));
        Assert.That(quota.TryEnter(Peer(1)), Is.True);
    }

    private static LinkAddress Peer(int number) => LinkAddress.FromMac((ulong)number + 1);

    private ShimFlow Open(int peer)
    {
        var flow = new ShimFlow(64, _flows.Count, new FlowEndpoint(Pool, TimeProvider.System), null);
        flow.SetRoute(new ShimRoute(LinkAddress.ZeroMac, Peer(peer), 64, 64));
        _watch.Follow(flow, Start);
        _flows.Add(flow);
        return flow;
    }
}
