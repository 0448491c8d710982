using System.Buffers.Binary;
using System.Net;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Udp.Sockets;

/// <summary>Writers beside each other: nothing lost, nothing overtaken, nothing left behind.</summary>
public class UdpSendQueueTests
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    [Test]
    public void Packets_of_each_writer_arrive_in_order_whichever_way_they_take()
    {
        const int writers = 3;
        const int each = 20_000;
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        using var to = new UdpSocket(AnyPort);
        using var from = new UdpSocket(AnyPort);
        var queue = new UdpSendQueue(from);
        var destination = LinkAddress.FromIp(to.Local.Address, (ushort)to.Local.Port);
        var (next, received) = (new int[writers], 0);
        // What may be in the socket's buffer at a time, so that the kernel has no reason to drop.
        using var window = new SemaphoreSlim(512);
        var reader = new Thread(() =>
        {
            using var receiver = new UdpReceiver(to, pool);
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
                var packet = pool.Rent(64);
                BinaryPrimitives.WriteInt32LittleEndian(packet.Span, w);
                BinaryPrimitives.WriteInt32LittleEndian(packet.Span[4..], i);
                SocketAddresses.Write(packet.PushHeader(from.AddressLength), destination);
                while (queue.Send(packet) != FlowError.None) Thread.Yield();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        Assert.That(reader.Join(TimeSpan.FromMinutes(2)));
        to.Stop();
        threads.ForEach(t => Assert.That(t.Join(TimeSpan.FromMinutes(1))));
        queue.Dispose();
        Assert.That(next, Is.EqualTo(Enumerable.Repeat(each, writers)));
        Assert.That(from.Counters.Sent, Is.EqualTo(writers * each));
    }

    [Test]
    public void A_stopped_queue_leaves_the_packet_with_the_writer()
    {
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        using var from = new UdpSocket(AnyPort);
        var queue = new UdpSendQueue(from);
        queue.Dispose();
        var packet = pool.Rent(10);
        SocketAddresses.Write(packet.PushHeader(from.AddressLength), LinkAddress.FromIp(from.Local.Address, (ushort)from.Local.Port));
        Assert.That(queue.Send(packet), Is.EqualTo(FlowError.FlowDown));
        packet.Dispose();
    }
}
