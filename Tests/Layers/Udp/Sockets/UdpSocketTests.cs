using System.Net;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Udp.Sockets;

/// <summary>Datagrams through the loopback of both families: sizes, order, addresses, memory.</summary>
[TestFixture("127.0.0.1", true)]
[TestFixture("127.0.0.1", false)]
[TestFixture("::1", true)]
public class UdpSocketTests(string address, bool offload)
{
    private PacketPool _pool = null!;
    private UdpSocket _from = null!;
    private UdpSocket _to = null!;
    private UdpSender _sender = null!;
    private UdpReceiver _receiver = null!;
    private LinkAddress _destination;

    [SetUp]
    public void SetUp()
    {
        _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        _from = new UdpSocket(new IPEndPoint(IPAddress.Parse(address), 0), offload);
        _to = new UdpSocket(new IPEndPoint(IPAddress.Parse(address), 0), offload);
        _sender = new UdpSender(_from);
        _receiver = new UdpReceiver(_to, _pool);
        _destination = LinkAddress.FromIp(_to.Local.Address, (ushort)_to.Local.Port);
    }

    [TearDown]
    public void TearDown()
    {
        _receiver.Dispose();
        _sender.Dispose();
        _from.Dispose();
        _to.Dispose();
        _pool.Dispose();
    }

    private Packet Datagram(int length, int number)
    {
        var packet = _pool.Rent(length);
        var span = packet.Span;
        for (var i = 0; i < length; i++) span[i] = (byte)(number + (i * 7));
        SocketAddresses.Write(packet.PushHeader(_from.AddressLength), _destination);
        return packet;
    }

    private List<byte[]> Receive(int count)
    {
        var received = new List<byte[]>();
        while (received.Count < count)
        {
            foreach (var packet in _receiver.Receive(wait: true))
            {
                Assert.That(SocketAddresses.TryRead(packet.PopHeader(_to.AddressLength), _to.Kind, out var peer));
                Assert.That(peer, Is.EqualTo(LinkAddress.FromIp(_from.Local.Address, (ushort)_from.Local.Port)));
                received.Add(packet.Span.ToArray());
                packet.Dispose();
            }
        }
        return received;
    }

    private static byte[] Expected(int length, int number) => [.. Enumerable.Range(0, length).Select(i => (byte)(number + (i * 7)))];

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4)]
    [TestCase(1472)]
    [TestCase(1732)]
    [TestCase(1733)]
    [TestCase(8984)]
    [TestCase(65000)]
    public void A_datagram_arrives_as_it_was_sent(int length)
    {
        Assert.That(_sender.Send([Datagram(length, 3)], wait: true), Is.EqualTo(1));
        Assert.That(Receive(1).Single(), Is.EqualTo(Expected(length, 3)));
    }

    [Test]
    public void A_batch_of_any_sizes_arrives_complete_and_in_order()
    {
        const int seed = 42;
        var random = new Random(seed);
        int[] sizes = [64, 64, 64, 64, 30, 64, 1400, 1400, 1400, 200, 0, 0, 5, 5, 9000, 9000, 1400, 1400, 2000, 2000, 2000, 100];
        for (var round = 0; round < 20; round++)
        {
            var lengths = Enumerable.Range(0, UdpSender.BatchSize / 2).Select(_ => sizes[random.Next(sizes.Length)]).ToArray();
            Assert.That(_sender.Send([.. lengths.Select(Datagram)], wait: true), Is.EqualTo(lengths.Length));
            Assert.That(Receive(lengths.Length), Is.EqualTo(lengths.Select(Expected).ToArray()), $"seed {seed}, round {round}");
        }
    }

    [Test]
    public void Packets_of_one_size_are_cut_and_joined_by_the_kernel_where_it_can()
    {
        var sizes = Enumerable.Repeat(1400, 40).Append(100).ToArray();
        _sender.Send([.. sizes.Select(Datagram)], wait: true);
        Assert.That(Receive(41), Is.EqualTo(sizes.Select(Expected).ToArray()));
        Assert.That(_from.Counters.Sent, Is.EqualTo(41));
        if (offload && _from.CanCut) Assert.That(_from.Offload.Cut, Is.EqualTo(41));
        else Assert.That(_from.Offload.Cut, Is.Zero);
        if (offload && _to.CanJoin) Assert.That(_to.Offload.Joined, Is.GreaterThan(0));
    }

    [Test]
    public void A_datagram_that_cannot_be_sent_is_dropped_and_the_others_go()
    {
        _sender.Send([Datagram(10, 1), Datagram(65530, 2), Datagram(10, 3)], wait: true);
        Assert.That(Receive(2), Is.EqualTo(new[] { Expected(10, 1), Expected(10, 3) }));
        Assert.That(_from.Counters.Dropped(LinkDrop.TooLong), Is.EqualTo(1));
    }

    [Test]
    public void Without_packet_memory_datagrams_are_dropped_and_counted()
    {
        using var small = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous, Shards = 1, Counts = new PoolCounts { Blocks2K = 1 } });
        using var receiver = new UdpReceiver(_to, small);
        _sender.Send([Datagram(10, 1), Datagram(1000, 2), Datagram(20, 3)], wait: true);
        var left = new List<Packet>();
        while (left.Count + _to.Counters.Dropped(LinkDrop.NoMemory) < 3)
        {
            foreach (var packet in receiver.Receive(wait: true)) left.Add(packet);
        }
        Assert.That(left, Has.Count.EqualTo(1));
        left[0].Dispose();
    }

    [Test]
    public void Stopping_wakes_the_receiver()
    {
        var thread = new Thread(() => _receiver.Receive(wait: true)) { IsBackground = true };
        thread.Start();
        _to.Stop();
        Assert.That(thread.Join(Patience.Limit));
        Assert.That(_receiver.Receive(wait: true).Length, Is.Zero);
    }

    [Test]
    public void Neither_direction_allocates()
    {
        for (var i = 0; i < 3; i++) Cycle();
        Assert.That(Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++) Cycle();
        }), Is.Zero);

        void Cycle()
        {
            Span<Packet> batch = stackalloc Packet[32];
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = _pool.Rent(i % 8 == 0 ? 1400 : 64);
                SocketAddresses.Write(batch[i].PushHeader(_from.AddressLength), _destination);
            }
            _sender.Send(batch, wait: true);
            for (var left = batch.Length; left > 0;)
            {
                foreach (var packet in _receiver.Receive(wait: true))
                {
                    packet.Dispose();
                    left--;
                }
            }
        }
    }

    [Test]
    public void The_way_to_a_peer_says_how_much_fits() =>
        Assert.That(_from.PathMtu(LinkAddress.FromIp(_to.Local.Address, (ushort)_to.Local.Port)), Is.GreaterThan(1200));

    [Test]
    public void Addresses_survive_the_way_through_the_system_form()
    {
        Span<byte> sockaddr = stackalloc byte[SocketAddresses.Ipv6Length];
        foreach (var text in new[] { "10.1.2.3:65535", "[fd00::2]:3435", "[fe80::1%7]:9" })
        {
            var endPoint = IPEndPoint.Parse(text);
            var kind = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? LinkKind.Udp4 : LinkKind.Udp6;
            var address = LinkAddress.FromIp(endPoint.Address, (ushort)endPoint.Port);
            SocketAddresses.Write(sockaddr, address);
            Assert.That(SocketAddresses.TryRead(sockaddr[..SocketAddresses.LengthOf(kind)], kind, out var other));
            Assert.That(other, Is.EqualTo(address));
            Assert.That(SocketAddresses.TryRead(sockaddr[..(SocketAddresses.LengthOf(kind) - 1)], kind, out _), Is.False);
            Assert.That(SocketAddresses.TryRead(sockaddr, kind == LinkKind.Udp4 ? LinkKind.Udp6 : LinkKind.Udp4, out _), Is.False);
        }
    }

    [Test]
    public void An_address_of_nobody_here_and_a_port_in_use_are_said_to_be_so()
    {
        Assert.That(() => new UdpSocket(_to.Local), Throws.TypeOf<FlowException>().With.Message.Contains("is in use"));
        Assert.That(() => new UdpSocket(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)), Throws.TypeOf<FlowException>().With.Message.Contains("no address of this host"));
    }
}
