using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers;

public sealed class FlowEndpointSetTests
{
    [Test]
    public void A_flow_that_was_released_by_its_peer_before_it_joined_a_set_is_reported()
    {
        var time = new ManualTimeProvider();
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        var (a, b) = (new FlowEndpoint(pool, time), new FlowEndpoint(pool, time));
        EndpointLink.Connect(a, b);
        a.Close();
        var set = new ReadySet<FlowEndpoint>(time);
        b.JoinSet(set);

        var events = new ReadyEvent<FlowEndpoint>[4];
        Assert.That(set.Wait(events, TimeSpan.Zero), Is.EqualTo(1));
        Assert.That(events[0].Member, Is.SameAs(b));
        Assert.That(events[0].Events, Is.EqualTo(FlowEventType.Dealloc));
        Assert.That(set.Wait(events, TimeSpan.Zero), Is.Zero, "reported once");
        b.Close();
    }
}
