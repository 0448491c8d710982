using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Wire;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Allocation and release of flows between members, every row of unicast-data-plane.md section 9.</summary>
public sealed class AllocationTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private UnicastNetwork _network = null!;

    private UnicastNode Client => _network[1];

    private UnicastNode Server => _network[3];

    [SetUp]
    public void Make()
    {
        _network = new UnicastNetwork(3);
        Client.Addresses = [3];
        Server.Accept = _ => _network.End();
    }

    [TearDown]
    public void Check() => _network.Dispose();

    [Test]
    public void A_flow_is_allocated_over_a_member_in_between_and_carries_packets_both_ways()
    {
        var end = Allocate(1);
        _network.Run(s_second);
        var flow = Client.Opened.Single().Flow;
        Assert.That(Client.Opened[0].Data, Is.EqualTo(UnicastNetwork.Handshake(1)));
        var other = Server.State.Flows.Flows.Single();
        Assert.That(flow.Remote, Is.EqualTo(new RemoteEnd(3, other.Eid)));
        Assert.That(other.Remote, Is.EqualTo(new RemoteEnd(1, flow.Eid)));
        Assert.That(flow.Eid, Is.GreaterThanOrEqualTo(1UL << 32));
        Assert.That(other.Eid, Is.GreaterThanOrEqualTo(1UL << 32));
        Assert.That(end.TryWrite("ping"u8), Is.EqualTo(FlowError.None));
        Assert.That(Read(other.Endpoint), Is.EqualTo("ping"u8.ToArray()));
        Assert.That(other.Endpoint.TryWrite("pong"u8), Is.EqualTo(FlowError.None));
        Assert.That(Read(end), Is.EqualTo("pong"u8.ToArray()));
    }

    [Test]
    public void Packets_that_overtake_the_reply_are_delivered()
    {
        byte[]? reply = null;
        Server.Lose = (_, message) =>
        {
            reply = message;
            return true;
        };
        var end = Allocate(1);
        _network.Run(TimeSpan.FromMilliseconds(100));
        Assert.That(Server.State.Flows.Flows.Single().Endpoint.TryWrite("early"u8), Is.EqualTo(FlowError.None));
        Assert.That(Client.Opened, Is.Empty);
        Client.Inject(reply!);
        _network.Run(TimeSpan.FromMilliseconds(1));
        Assert.That(Client.Opened, Has.Count.EqualTo(1));
        Assert.That(Read(end), Is.EqualTo("early"u8.ToArray()));
    }

    private FlowEndpoint Allocate(int id)
    {
        var end = _network.End();
        Assert.That(Client.Core.Allocate(id, end, UnicastNetwork.Name, QosSpec.Raw, UnicastNetwork.Handshake(id), null, _network.Now), Is.EqualTo(FlowError.None));
        return end;
    }

    private static byte[] Read(FlowEndpoint end)
    {
        Assert.That(end.TryRead(out var packet), Is.EqualTo(FlowError.None));
        var bytes = packet.Span.ToArray();
        packet.Dispose();
        return bytes;
    }
}
