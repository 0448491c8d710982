using System.Buffers.Binary;
using System.Net;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Udp.Sockets;

/// <summary>Writers beside each other: nothing lost, nothing overtaken, nothing left behind; an address that goes and comes back.</summary>
public class UdpDeviceTests
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private PacketPool _pool = null!;

    [SetUp]
    public void SetUp() => _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });

    [TearDown]
    public void TearDown()
    {
        Assert.That(_pool.Outstanding, Is.Zero);
        _pool.Dispose();
    }

    /// <summary>
    /// On one processor: packets over loopback wait in a queue of the processor that sent them, so that those of two may overtake each other in the
    /// kernel, whatever order they were handed over in.
    /// </summary>
    [Test]
    public void Packets_of_each_writer_arrive_in_order_whichever_way_they_take()
    {
        Exception? failure = null;
        var pinned = new Thread(() =>
        {
            try
            {
                OneProcessor.Pin();
                SendAndCheck();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        pinned.Start();
        Assert.That(pinned.Join(TimeSpan.FromMinutes(5)));
        Assert.That(failure, Is.Null);
    }

    private void SendAndCheck()
    {
        const int writers = 3;
        const int each = 20_000;
        using var to = new UdpSocket(AnyPort);
        using var from = new UdpDevice(AnyPort, _pool, TimeProvider.System);
        var destination = LinkAddress.FromIp(to.Local.Address, (ushort)to.Local.Port);
        var (next, received) = (new int[writers], 0);
        // What may be in the socket's buffer at a time, so that the kernel has no reason to drop.
        using var window = new SemaphoreSlim(256);
        var reader = new Thread(() =>
        {
            using var receiver = new UdpReceiver(to, _pool);
            while (received < writers * each && !to.IsStopping)
            {
                foreach (var datagram in receiver.Receive(wait: true))
                {
                    datagram.PopHeader(to.AddressLength);
                    var writer = BinaryPrimitives.ReadInt32LittleEndian(datagram.Span);
                    var number = BinaryPrimitives.ReadInt32LittleEndian(datagram.Span[4..]);
                    datagram.Dispose();
                    if (next[writer]++ != number) to.Stop();
                    received++;
                    window.Release();
                }
            }
        });
        reader.Start();
        var threads = Enumerable.Range(0, writers).Select(w => new Thread(() =>
        {
            for (var i = 0; i < each && !to.IsStopping; i++)
            {
                window.Wait();
                var packet = Datagram(64, destination);
                BinaryPrimitives.WriteInt32LittleEndian(packet.Span[to.AddressLength..], w);
                BinaryPrimitives.WriteInt32LittleEndian(packet.Span[(to.AddressLength + 4)..], i);
                while (from.Send([packet]) == 0) Thread.Yield();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        Assert.That(reader.Join(TimeSpan.FromMinutes(2)));
        to.Stop();
        threads.ForEach(t => Assert.That(t.Join(Soon)));
        Assert.That(next, Is.EqualTo(Enumerable.Repeat(each, writers)));
        // Counted when the system call has returned, which may be after the last packet has arrived.
        Assert.That(() => from.Counters.Sent, Is.EqualTo(writers * each).After(60_000, 10));
    }

    [Test]
    public void A_closed_device_drops_and_counts()
    {
        var device = new UdpDevice(AnyPort, _pool, TimeProvider.System);
        device.Dispose();
        Assert.That(device.Send([Datagram(10, device.Address)]), Is.EqualTo(1));
        Assert.That((device.State, device.Counters.Dropped(LinkDrop.LinkDown)), Is.EqualTo((LinkState.Closed, 1L)));
    }

    [Test]
    public void A_packet_without_an_address_is_dropped_and_its_neighbours_are_sent()
    {
        using var device = new UdpDevice(AnyPort, _pool, TimeProvider.System);
        Assert.That(device.Send([Datagram(10, device.Address), _pool.Rent(3), Datagram(20, device.Address)]), Is.EqualTo(3));
        Assert.That(() => device.Counters.Sent, Is.EqualTo(2).After(60_000, 10));
        Assert.That(device.Counters.Dropped(LinkDrop.TooShort), Is.EqualTo(1));
    }

    [TestCase("192.0.2.1", "192.0.2.2", "198.51.100.2", "198.51.100.1", 24, 28)]
    [TestCase("fd00:1::1", "fd00:1::2", "fd00:2::2", "fd00:2::1", 64, 48)]
    public void A_path_that_is_narrower_than_the_link_is_learnt_and_what_it_does_not_take_is_fragmented(string own, string near, string far, string peer, int prefix, int headers)
    {
        using var namespaces = new Namespaces(3);
        void Ip(int index, string arguments) => namespaces.Ip(index, arguments.Split(' '));
        namespaces.Link(0, "d0", 1, "d1");
        namespaces.Link(1, "d2", 2, "d3", mtu: 1300);
        var noDad = prefix == 64 ? " nodad" : "";
        Ip(0, $"address add {own}/{prefix} dev d0{noDad}");
        Ip(1, $"address add {near}/{prefix} dev d1{noDad}");
        Ip(1, $"address add {far}/{prefix} dev d2{noDad}");
        Ip(2, $"address add {peer}/{prefix} dev d3{noDad}");
        Ip(0, $"route add default via {near}");
        Ip(2, $"route add default via {far}");
        // Without a link-local address a router of IPv6 cannot ask for its neighbours.
        if (prefix == 64) Ip(1, "address add fe80::2/64 dev d2 nodad");
        // Of the namespace of the thread that writes it.
        NetworkNamespace.Run(namespaces[1], () =>
        {
            File.WriteAllText(prefix == 64 ? "/proc/sys/net/ipv6/conf/all/forwarding" : "/proc/sys/net/ipv4/ip_forward", "1");
            return true;
        });
        using var from = NetworkNamespace.Run(namespaces[0], () => new UdpDevice(new IPEndPoint(IPAddress.Parse(own), 3435), _pool, TimeProvider.System));
        using var to = NetworkNamespace.Run(namespaces[2], () => new UdpDevice(new IPEndPoint(IPAddress.Parse(peer), 3435), _pool, TimeProvider.System));
        var receiver = new Events();
        to.Start(receiver);
        Assert.That(() => (from.State, to.State), Is.EqualTo((LinkState.Up, LinkState.Up)).After(60_000, 10));
        Assert.That(from.PathMtu(to.Address), Is.EqualTo(1500 - headers), "as far as the link goes");

        // What the router cannot pass on is lost, and it says why; what it says may get lost.
        Assert.That(
            () =>
            {
                from.Send([Datagram(1500 - headers, to.Address)]);
                return from.PathMtu(to.Address);
            },
            Is.EqualTo(1300 - headers).After(60_000, 10));
        Assert.That(
            () =>
            {
                from.Send([Datagram(5000, to.Address)]);
                return receiver.Largest;
            },
            Is.EqualTo(5000 + SocketAddresses.LengthOf(to.Kind)).After(60_000, 10));
        Assert.That(from.PathMtu(LinkAddress.FromIp(IPAddress.Parse(prefix == 64 ? "::1" : "127.0.0.1"), 1)), Is.GreaterThanOrEqualTo(0), "what cannot be reached from that address is no error");
    }

    [TestCase("192.0.2.7/24", "192.0.2.8", "198.51.100.1")]
    [TestCase("2001:db8::7/64", "2001:db8::8", "2001:db8:1::1")]
    public void A_peer_that_is_out_of_reach_is_no_error_however_often_it_is_asked_for_and_the_others_stay_known(string own, string peer, string unreachable)
    {
        using var namespaces = new Namespaces(1);
        namespaces.Link(0, "d0", 0, "d1");
        namespaces.Ip(0, own.EndsWith("/64", StringComparison.Ordinal) ? ["address", "add", own, "dev", "d0", "nodad"] : ["address", "add", own, "dev", "d0"]);
        using var socket = NetworkNamespace.Run(namespaces[0], () => new UdpSocket(new IPEndPoint(IPAddress.Parse(own[..own.IndexOf('/')]), 3435)));
        int Ask(string address) => socket.PathMtu(LinkAddress.FromIp(IPAddress.Parse(address), 3435));
        Assert.That((Ask(peer), Ask(unreachable), Ask(unreachable), Ask(peer)), Is.EqualTo((1500 - socket.HeaderSize, 0, 0, 1500 - socket.HeaderSize)));
    }

    [Test]
    public void An_address_that_is_taken_away_is_noticed_and_so_is_its_return()
    {
        using var namespaces = new Namespaces(1);
        void Ip(string arguments) => namespaces.Ip(0, arguments.Split(' '));
        namespaces.Link(0, "d0", 0, "d1");
        Ip("address add 192.0.2.7/24 dev d0");
        using var device = NetworkNamespace.Run(namespaces[0], () => new UdpDevice(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 3435), _pool, TimeProvider.System));
        var receiver = new Events();
        device.Start(receiver);
        // A link is not up in the moment in which it is set up.
        if (device.State != LinkState.Up) receiver.WaitFor(LinkState.Up);

        Ip("address del 192.0.2.7/24 dev d0");
        receiver.WaitFor(LinkState.Gone);
        device.Send([Datagram(10, device.Address)]);
        Assert.That(device.Counters.Dropped(LinkDrop.LinkDown), Is.EqualTo(1));

        Ip("address add 192.0.2.7/24 dev d0");
        receiver.WaitFor(LinkState.Up);
        Ip("link set d0 down");
        receiver.WaitFor(LinkState.Down);
        Ip("link set d0 up");
        receiver.WaitFor(LinkState.Up);
        // The socket is the same, and it works again.
        device.Send([Datagram(10, device.Address)]);
        Assert.That(receiver.Arrived.Wait(Soon));
    }

    private Packet Datagram(int length, LinkAddress destination)
    {
        var packet = _pool.Rent(length);
        SocketAddresses.Write(packet.PushHeader(destination.Kind == LinkAddressKind.Ipv4 ? SocketAddresses.Ipv4Length : SocketAddresses.Ipv6Length), destination);
        return packet;
    }

    private sealed class Events : ILinkReceiver
    {
        private readonly System.Collections.Concurrent.BlockingCollection<LinkEvent> _events = [];

        public SemaphoreSlim Arrived { get; } = new(0);

        public int Largest { get; private set; }

        public void WaitFor(LinkState state)
        {
            LinkEvent? next;
            do Assert.That(_events.TryTake(out next, Soon), $"the link did not become {state}");
            while (next!.State != state);
        }

        public void OnReceive(ReadOnlySpan<Packet> frames)
        {
            foreach (var frame in frames)
            {
                Largest = Math.Max(Largest, frame.Length);
                frame.Dispose();
            }
            Arrived.Release();
        }

        public void OnLinkEvent(LinkEvent linkEvent) => _events.Add(linkEvent);

        public void OnFailed(Exception reason)
        {
        }
    }
}
