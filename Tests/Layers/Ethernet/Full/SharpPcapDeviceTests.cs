using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet;
using Ouroboros.Layers.Ethernet.Sockets;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Ethernet;

/// <summary>libpcap at one end of a veth link, a packet socket at the other: both ways, and only what is ours. Needs root and libpcap.</summary>
public class SharpPcapDeviceTests : PoolTest
{
    private const ushort EtherType = 0xA000;
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private Namespaces _hosts = null!;

    [SetUp]
    public void MakeLink()
    {
        _hosts = new Namespaces(2);
        _hosts.Link(0, "left", 1, "right");
    }

    [TearDown]
    public void RemoveLink() => _hosts.Dispose();

    private EthernetConfig Config(string device) => new(new LayerInfo("l", DirectoryHash.Sha3_256), device, EtherType) { Namespace = _hosts[0] };

    [Test]
    public void Frames_go_both_ways_in_order()
    {
        const int Count = 2000;
        using var pcap = SharpPcapDevice.Open(Config("left"), Pool, TimeProvider.System);
        using var socket = AfPacketDevice.Open(new AfPacketOptions("right", _hosts[1], EtherType), Pool, TimeProvider.System);
        var (here, there) = (new Receiver(), new Receiver());
        pcap.Start(here);
        socket.Start(there);
        // A link is not up in the moment in which it is set up.
        while (socket.State != LinkState.Up) there.WaitForEvent();
        for (var i = 0; i < Count; i++)
        {
            Send(pcap, socket.Address, i, EtherType);
            Send(socket, pcap.Address, i, EtherType);
            // One at a time: the order of what waits in the kernel is not the question here.
            there.Wait(i + 1);
            here.Wait(i + 1);
        }
        Assert.That(here.Numbers, Is.EqualTo(Enumerable.Range(0, Count)));
        Assert.That(there.Numbers, Is.EqualTo(Enumerable.Range(0, Count)));
        Assert.That((pcap.Counters.Sent, pcap.Counters.Received), Is.EqualTo(((long)Count, (long)Count)));
    }

    [Test]
    public void Frames_of_others_are_left_in_the_kernel()
    {
        using var pcap = SharpPcapDevice.Open(Config("left"), Pool, TimeProvider.System);
        using var socket = AfPacketDevice.Open(new AfPacketOptions("right", _hosts[1], EtherType), Pool, TimeProvider.System);
        var (here, there) = (new Receiver(), new Receiver());
        pcap.Start(here);
        socket.Start(there);
        // A link is not up in the moment in which it is set up.
        while (socket.State != LinkState.Up) there.WaitForEvent();
        Send(socket, pcap.Address, 1, etherType: 0xA001);
        Send(socket, LinkAddress.FromMac([2, 9, 9, 9, 9, 9]), 2, EtherType);
        Send(socket, LinkAddress.Broadcast, 3, EtherType);
        here.Wait(1);
        Assert.That(here.Numbers, Is.EqualTo(new[] { 3 }));
    }

    [Test]
    public void It_has_the_MTU_of_the_interface_and_is_of_no_use_when_closed()
    {
        _hosts.Ip(0, "link", "set", "left", "mtu", "1400");
        var pcap = SharpPcapDevice.Open(Config("left"), Pool, TimeProvider.System);
        Assert.That(pcap.Mtu, Is.EqualTo(1400));
        pcap.Dispose();
        Send(pcap, LinkAddress.Broadcast, 1, EtherType);
        Assert.That((pcap.State, pcap.Counters.Dropped(LinkDrop.LinkDown)), Is.EqualTo((LinkState.Closed, 1L)));
    }

    [Test]
    public void An_unknown_interface_is_an_error_that_names_those_that_there_are()
    {
        var e = Assert.Throws<FlowException>(() => SharpPcapDevice.Open(Config("nothere"), Pool, TimeProvider.System))!;
        Assert.That(e.Message, Does.Contain("'nothere'").And.Contain("left"));
    }

    private void Send(ILinkDevice device, LinkAddress to, int number, ushort etherType)
    {
        var packet = Pool.Rent(60);
        packet.Span.Clear();
        to.WriteTo(packet.Span);
        device.Address.WriteTo(packet.Span[6..]);
        (packet.Span[12], packet.Span[13]) = ((byte)(etherType >> 8), (byte)etherType);
        BitConverter.TryWriteBytes(packet.Span[14..], number);
        Assert.That(device.Send([packet]), Is.EqualTo(1));
    }

    private sealed class Receiver : ILinkReceiver
    {
        private readonly Lock _lock = new();
        private readonly List<int> _numbers = [];
        private readonly SemaphoreSlim _arrived = new(0);
        private readonly SemaphoreSlim _changed = new(0);

        public IReadOnlyList<int> Numbers
        {
            get { lock (_lock) return [.. _numbers]; }
        }

        public void Wait(int count)
        {
            while (Numbers.Count < count) Assert.That(_arrived.Wait(Soon), $"{Numbers.Count} of {count} frames arrived");
        }

        public void OnReceive(ReadOnlySpan<Packet> frames)
        {
            foreach (var frame in frames)
            {
                lock (_lock) _numbers.Add(BitConverter.ToInt32(frame.Span[14..]));
                frame.Dispose();
                _arrived.Release();
            }
        }

        public void WaitForEvent() => Assert.That(_changed.Wait(Soon), "no event of the link");

        public void OnLinkEvent(LinkEvent linkEvent) => _changed.Release();

        public void OnFailed(Exception reason)
        {
        }
    }
}
