using Ouroboros.Layers.Broadcast;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Broadcast;

/// <summary>Members whose flows are no tree: what goes round is found, reported and stopped.</summary>
public sealed class LoopTests : PoolTest
{
    private HubRig _rig = null!;
    private ManualTimeProvider _time = null!;

    [SetUp]
    public void Make()
    {
        _time = new ManualTimeProvider();
        _rig = new HubRig(Pool, _time);
    }

    [TearDown]
    public void Close() => _rig.Close();

    [TestCase(3)]
    [TestCase(5)]
    [TestCase(12)]
    public void A_ring_is_found_by_the_first_packet_which_does_not_go_round_for_ever(int members)
    {
        for (var n = 0; n < members; n++) _rig.Add();
        for (var n = 0; n < members; n++) _rig.Connect(_rig.Hubs[n], _rig.Hubs[(n + 1) % members]);
        var (sender, receiver) = (_rig.Join(_rig.Hubs[0]).Endpoint, _rig.Join(_rig.Hubs[1]).Endpoint);
        Assert.That(HubRig.Write(sender, "x"), Is.EqualTo(FlowError.None));
        Assert.That(_rig.Loops, Is.Not.Empty);
        Assert.That(HubRig.Read(receiver).Split(','), Has.Length.LessThanOrEqualTo(4 * LoopGuard.Threshold));
        Assert.That(_rig.Hubs.Sum(h => h.Counters[BroadcastDrop.Loop]), Is.Positive);
        // Once it is known one way round is enough.
        for (var n = 0; n < 20; n++)
        {
            HubRig.Write(sender, $"y{n}");
            Assert.That(HubRig.Read(receiver).Split(','), Has.Length.LessThanOrEqualTo(2), $"packet {n}");
        }
        Assert.That(_rig.Loops, Has.Count.LessThanOrEqualTo(members), "each member reports it once");
    }

    [Test]
    public void Two_flows_between_the_same_members_are_a_loop()
    {
        var (a, b) = (_rig.Add(), _rig.Add());
        _rig.Connect(a, b);
        _rig.Connect(a, b);
        HubRig.Write(_rig.Join(a).Endpoint, "x");
        Assert.That(_rig.Loops, Is.Not.Empty);
    }

    [Test]
    public void When_the_ring_is_open_again_everything_passes()
    {
        var (a, b, c) = (_rig.Add(), _rig.Add(), _rig.Add());
        _rig.Connect(a, b);
        _rig.Connect(b, c);
        var (third, _) = _rig.Connect(c, a);
        var (sender, receiver) = (_rig.Join(a).Endpoint, _rig.Join(b).Endpoint);
        HubRig.Write(sender, "x");
        HubRig.Read(receiver);
        Assert.That(_rig.Hubs.Any(h => h.IsLooping), Is.True);
        c.Remove(third);
        _time.Advance(TimeSpan.FromMilliseconds(LoopGuard.Memory + 1));
        Assert.That(_rig.Hubs.Any(h => h.IsLooping), Is.False);
        for (var n = 0; n < 50; n++) HubRig.Write(sender, "x");
        Assert.That(HubRig.Read(receiver).Split(','), Has.Length.EqualTo(50));
    }

    [Test]
    public void In_a_tree_the_same_words_of_one_or_of_a_few_are_no_loop()
    {
        var hub = _rig.Add();
        var neighbours = Enumerable.Range(0, 8).Select(_ => _rig.Neighbour(hub).Far).ToList();
        var receiver = _rig.Join(hub).Endpoint;
        // One says the same a thousand times; eight say the same once a second.
        for (var n = 0; n < 1000; n++) HubRig.Write(neighbours[0], "alive");
        Assert.That(HubRig.Read(receiver).Split(','), Has.Length.EqualTo(1000));
        for (var n = 0; n < 100; n++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(LoopGuard.Window + 1));
            foreach (var neighbour in neighbours) HubRig.Write(neighbour, "alive");
            Assert.That(HubRig.Read(receiver).Split(','), Has.Length.EqualTo(8));
        }
        Assert.That(_rig.Loops, Is.Empty);
        foreach (var neighbour in neighbours) HubRig.Read(neighbour);
    }

    [Test]
    public void The_captured_storm_of_the_reference_is_recognised()
    {
        var hub = _rig.Add();
        var (first, second, joined) = (_rig.Neighbour(hub).Far, _rig.Neighbour(hub).Far, _rig.Join(hub).Endpoint);
        // On one link of the triangle both directions are seen; a member in the ring gets one from either side.
        var storm = HubTests.Payloads("cycle-13").Where(p => p.Length == 41).ToList();
        Assert.That(storm, Has.Count.GreaterThan(40));
        for (var n = 0; n < storm.Count; n++)
        {
            (n % 2 == 0 ? first : second).TryWrite(storm[n]);
            HubRig.Read(first);
            HubRig.Read(second);
        }
        Assert.That(_rig.Loops, Has.Count.EqualTo(1));
        Assert.That(HubRig.Read(joined).Split(','), Has.Length.LessThanOrEqualTo(2 * LoopGuard.Threshold));
    }

    [Test]
    public void Without_the_guard_members_of_one_process_end_a_loop_where_the_stack_ends()
    {
        var (a, b, c) = (_rig.Add(guard: false), _rig.Add(guard: false), _rig.Add(guard: false));
        _rig.Connect(a, b);
        _rig.Connect(b, c);
        _rig.Connect(c, a);
        var sender = _rig.Join(a).Endpoint;
        var thread = new Thread(() => HubRig.Write(sender, "x"), 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.That(_rig.Hubs.Sum(h => h.Counters[BroadcastDrop.TooDeep]), Is.Positive);
        Assert.That(_rig.Loops, Is.Empty);
    }
}
