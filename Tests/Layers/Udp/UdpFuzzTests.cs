using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Layers.Udp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Udp;

/// <summary>Whatever arrives: nothing throws, nothing leaks, nothing grows without bound, and what is dropped is counted.</summary>
[TestFixture("udp4")]
[TestFixture("udp6")]
public class UdpFuzzTests(string kind)
{
    private const int Mutations = 100_000;
    private const int Seed = 20261126;

    private static readonly NameHash Oping = NameHash.Of(DirectoryHash.Md5, "oping");

    private readonly UdpCodec _codec = kind == "udp4" ? UdpCodec.Ipv4 : UdpCodec.Ipv6;
    private readonly int _addressLength = kind == "udp4" ? SocketAddresses.Ipv4Length : SocketAddresses.Ipv6Length;
    private readonly LinkAddress _own = kind == "udp4" ? LinkAddress.FromIpv4([10, 0, 0, 1], 3435) : LinkAddress.FromIpv6([0xFD, .. new byte[14], 1], 3435);
    private readonly LinkAddress _peer = kind == "udp4" ? LinkAddress.FromIpv4([10, 0, 0, 2], 3435) : LinkAddress.FromIpv6([0xFD, .. new byte[14], 2], 3435);

    private PacketPool _pool = null!;
    private ShimCore _core = null!;
    private TimeSpan _now;
    private int _lastFlow;
    private long _handled;

    [SetUp]
    public void SetUp()
    {
        _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        _now = TimeSpan.FromHours(1);
        _core = new ShimCore(_codec, new ShimSettings(), new Random(Seed), maxFlows: 1000);
        _core.SetLink(_own, 65507);
        _core.Register(Oping);
        _core.Learn(Oping, _peer, TimeSpan.FromDays(100), _now);
        (_lastFlow, _handled) = (0, 0);
        Allocate();
    }

    [TearDown]
    public void TearDown() => _pool.Dispose();

    private byte[][] Datagrams(Func<byte[], object> distinct) =>
        [.. UdpCapture.Flows.Where(f => f.StartsWith(kind, StringComparison.Ordinal)).SelectMany(UdpCapture.ReadFlow).Select(d => d.Payload).DistinctBy(distinct)];

    [Test]
    public void Every_truncation_of_every_captured_datagram()
    {
        foreach (var datagram in Datagrams(Convert.ToHexString))
        {
            for (var length = 0; length <= datagram.Length; length++) Receive(datagram.AsSpan(0, length));
        }
        Assert.That(_core.Counters[ShimDrop.FrameTooShort], Is.GreaterThan(0));
        Assert.That(_core.Counters[ShimDrop.MessageTooShort], Is.GreaterThan(0));
        Assert.That(_core.Counters[ShimDrop.UnknownEid], Is.GreaterThan(0));
        AssertNothingIsLeft();
    }

    [Test]
    public void A_hundred_thousand_mutations_of_every_captured_message() => Mutate(Datagrams(Convert.ToHexString).Where(IsManagement));

    [Test]
    public void A_hundred_thousand_mutations_of_captured_data_of_every_length() => Mutate(Datagrams(d => d.Length).Where(d => !IsManagement(d)));

    private void Mutate(IEnumerable<byte[]> datagrams)
    {
        var random = new Random(Seed);
        var count = 0;
        foreach (var datagram in datagrams)
        {
            var copy = new byte[datagram.Length + 8];
            for (var i = 0; i < Mutations; i++)
            {
                datagram.CopyTo(copy, 0);
                var length = random.Next(8) == 0 ? random.Next(copy.Length + 1) : datagram.Length;
                for (var n = random.Next(1, 4); n > 0; n--) copy[random.Next(copy.Length)] = (byte)random.Next(256);
                // Half of what reaches a flow or request of ours is what would hurt most.
                if (random.Next(4) == 0 && _core.Flows.FirstOrDefault() is { } flow) System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(4), flow.Eid);
                Receive(copy.AsSpan(0, length));
                if (i % 1000 == 999) _now += TimeSpan.FromMilliseconds(500);
                if (_core.FlowCount == 0) Allocate();
                count++;
            }
        }
        Assert.That(_handled + _core.Counters.Total, Is.GreaterThanOrEqualTo(count), $"seed {Seed}: each is handled or counted");
        AssertNothingIsLeft();
    }

    private static bool IsManagement(byte[] datagram) => UdpHeader.TryParse(datagram, out var eid) && eid == UdpHeader.Management;

    private void Allocate()
    {
        var error = _core.Allocate(++_lastFlow, new FlowEndpoint(_pool, TimeProvider.System), Oping, QosSpec.Raw, new byte[36], null, _now);
        if (error != FlowError.None) _core.Learn(Oping, _peer, TimeSpan.FromDays(100), _now);
        Drain();
    }

    /// <summary>What the receive thread and the actor do with a datagram.</summary>
    private void Receive(ReadOnlySpan<byte> datagram)
    {
        var packet = _pool.Rent(_addressLength + datagram.Length);
        SocketAddresses.Write(packet.Span, _peer);
        datagram.CopyTo(packet.Span[_addressLength..]);
        if (!_codec.TryOpen(packet, out var header)) _core.Counters.Note(header.Drop);
        else if (header.IsManagement) _core.Receive(packet.Span, header.Source, _now);
        else if (_core.Find(header.Eid) is { } flow && flow.IsFromPeer(header)) _handled++;
        else _core.Counters.Note(ShimDrop.UnknownEid);
        packet.Dispose();
        Drain();
    }

    private void Drain()
    {
        _core.Tick(_now);
        while (_core.TryTakeTransmit(out _)) { }
        while (_core.TryTakeEvent(out var e))
        {
            _handled++;
            if (e is not ShimEvent.RequestArrived request) continue;
            var accept = request.Request % 2 == 0;
            _core.Respond(request.Request, accept ? FlowError.None : FlowError.IpcpFailed, ++_lastFlow, accept ? new FlowEndpoint(_pool, TimeProvider.System) : null, new byte[84], null, _now, out var flow);
            if (flow is not null) _core.Release(flow.FlowId, TimeSpan.Zero, null, _now);
        }
    }

    private void AssertNothingIsLeft()
    {
        Assert.That(_core.RememberedCount, Is.LessThan(10_000));
        Assert.That(_core.DirectoryCount, Is.LessThanOrEqualTo(1));
        _now += TimeSpan.FromMinutes(10);
        Drain();
        Assert.That(_core.ArrivedCount, Is.Zero);
        Assert.That(_core.FlowCount, Is.Zero);
        Assert.That(_pool.Outstanding, Is.Zero);
    }
}
