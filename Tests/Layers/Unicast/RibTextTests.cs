using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Directory.Dht;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Texts of the RIB against those that the notes show of the reference (tools-and-rib.md 9.3 to 9.5).</summary>
public sealed class RibTextTests
{
    private static readonly DateTimeOffset s_then = new(2026, 11, 20, 23, 26, 14, TimeSpan.Zero);

    [Test]
    public void A_flow_is_shown_as_the_reference_shows_it()
    {
        var sender = new CongestionSender(0);
        var text = UnicastRib.Text(new UnicastFlowStatistics(s_then, 3269308869, 11913543747805118530, 868279208558723138)
        {
            Sent = 40,
            SentBytes = 2560,
            Received = 40,
            ReceivedBytes = 2560,
            CongestionSender = sender,
            CongestionReceiver = default(CongestionReceiver),
        });
        Assert.That(text, Is.EqualTo(
            """
            Flow established at:             2026-11-20 23:26:14 (UTC)
            Remote address:                            3269308869
            Local endpoint ID:               11913543747805118530
            Remote endpoint ID:                868279208558723138
            Sent (packets):                                    40
            Sent (bytes):                                    2560
            Send failed (packets):                              0
            Send failed (bytes):                                0
            Received (packets):                                40
            Received (bytes):                                2560
            Receive failed (packets):                           0
            Receive failed (bytes):                             0
            Sent flow updates (packets):                        0
            Received flow updates (packets):                    0
            Congestion avoidance algorithm:         Multi-bit ECN
            Upstream congestion level:                          0
            Upstream packet counter:                            0
            Downstream congestion level:                        0
            Downstream packet counter:                          0
            Congestion window size (ns):                 16777216
            Packets in this window:                             0
            Bytes in this window:                               0
            Max bytes in this window:                       65536
            Current congestion regime:                 Slow start

            """));
    }

    [Test]
    public void Without_congestion_avoidance_nothing_is_said_of_it() =>
        Assert.That(UnicastRib.Text(new UnicastFlowStatistics(s_then, 1, 2, 3)), Does.EndWith("Received flow updates (packets):                    0\n"));

    [Test]
    public async Task An_adjacency_is_listed_and_shown_in_the_2210_characters_of_the_reference()
    {
        using var network = new UnicastNetwork(2);
        var component = UnicastRib.Of(network[1].DataTransfer);
        Assert.That(await component.ListAsync(default), Is.EqualTo(new[] { "64" }));
        network[1].DataTransfer.SendMessage(2, 1, new byte[20]);
        var text = (await component.ReadAsync("64", default))!.Text;
        Assert.That(text, Does.StartWith("Flow established at:      2026-01-01 00:00:00 (UTC)\nEndpoint address:                  02.00.00.00\nQueued packets (rx):                         0\n"));
        Assert.That(text, Does.Contain("\n\nQos cube   0:\n sent (packets):                             1\n sent (bytes):                              35\n rcvd (packets):                             0\n"));
        Assert.That(text, Does.Contain(" local sent (packets):                       1\n local sent (bytes):                        35\n local rcvd (packets):                       0\n"));
        Assert.That(text, Has.Length.EqualTo(2210));
        Assert.That(await component.ReadAsync("65", default), Is.Null);
        Assert.That(await component.ReadAsync("0", default), Is.Null);
        Assert.That(UnicastRib.NameOf(network[1].DataTransfer), Is.EqualTo("dt.01.00.00.00"));
    }

    [Test]
    public void The_directory_says_what_it_has_with_local_meaning_local()
    {
        var network = new Dht.DhtNetwork();
        var node = network.Add(0xc2ddb1c5);
        Assert.That(node.Core.DatabaseText(), Is.EqualTo("  No entries.\n"));
        network.Add(7, peer: 0xc2ddb1c5);
        network.Register(node, Dht.DhtNetwork.Key("here"));
        network.Register(network.Nodes[7], Dht.DhtNetwork.Key("there"));
        network.Run(5);
        var stats = node.Core.StatsText(s_then);
        Assert.That(stats, Has.Length.EqualTo(545), "the reference's size of the file");
        Assert.That(stats, Does.Contain("\n  Created: 2026-11-20 23:26:14 (UTC)\n  Address: c5.b1.dd.c2\n").And.Contain("Number of concurrent requests (alpha):          3\n"));
        Assert.That(stats, Does.EndWith("  Number of keys:                                    2\n  Number of local values:                            1\n  Number of non-local values:                        1\n"));
        Assert.That(node.Core.DatabaseText(), Does.Contain("Number of keys:                      2\n").And.Contain("    V<00000000c2ddb1c5>, registered here\n").And.Contain("    V<0000000000000007>, t_replicated="));
    }
}
