using System.Net;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Layers.Udp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Udp;

/// <summary>
/// Every capture, played through two cores: one in the place of the reference's client, one in that of its server. What they send must be the captured
/// bytes, what they are sent is the captured bytes.
/// </summary>
public class ReplayTests
{
    // No offer, no refusals where the reference is silent: what is left is the reference's own behaviour.
    private static readonly ShimSettings AsReference = new() { MakeOffer = false, NegativeReplies = false };

    private PacketPool _pool = null!;
    private TimeSpan _now;

    [SetUp]
    public void SetUp()
    {
        _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        _now = TimeSpan.FromHours(1);
    }

    [TearDown]
    public void TearDown() => _pool.Dispose();

    [TestCaseSource(typeof(UdpCapture), nameof(UdpCapture.Flows))]
    public void A_capture_is_reproduced_byte_for_byte_in_both_directions(string capture)
    {
        var datagrams = UdpCapture.ReadFlow(capture);
        var codec = capture.StartsWith("udp6", StringComparison.Ordinal) ? UdpCodec.Ipv6 : UdpCodec.Ipv4;
        var client = new Side(codec, datagrams[0].Source);
        var server = new Side(codec, datagrams[0].Destination);
        var flows = 0;
        for (var i = 0; i < datagrams.Count; i++)
        {
            var (from, to) = datagrams[i].Source.Equals(client.EndPoint) ? (client, server) : (server, client);
            var datagram = datagrams[i].Payload;
            if (!IsManagement(datagram, out var message)) Data(from, to, datagram);
            else if (message.Code == UdpCode.FlowRequest) Request(client, server, datagram[UdpHeader.Length..], message, known: i + 1 < datagrams.Count && IsReply(datagrams[i + 1].Payload));
            else Reply(client, server, datagram[UdpHeader.Length..], message, flowId: ++flows);
        }
        Assert.That(client.Core.Counters.Total, Is.Zero);
        Assert.That(_pool.Outstanding, Is.Zero);
    }

    private static bool IsReply(byte[] datagram) => IsManagement(datagram, out var message) && message.Code == UdpCode.FlowReply;

    private static bool IsManagement(byte[] datagram, out UdpMessage message)
    {
        message = default;
        return UdpHeader.TryParse(datagram, out var eid) && eid == UdpHeader.Management && UdpMessage.TryParse(datagram.AsSpan(UdpHeader.Length), out message);
    }

    private void Request(Side client, Side server, byte[] bytes, UdpMessage message, bool known)
    {
        var hash = new NameHash(bytes.AsSpan(UdpMessage.Length, UdpMessage.HashLength));
        var data = bytes.AsSpan(UdpMessage.Length + UdpMessage.HashLength);
        client.Core.Learn(hash, server.Address, TimeSpan.FromHours(1), _now);
        client.Choose(message.SourceEid);
        Assert.That(client.Core.Allocate(++client.LastFlowId, Endpoint(), hash, message.Qos, data, null, _now), Is.EqualTo(FlowError.None));
        AssertSends(client, server, bytes);

        if (known) server.Core.Register(hash);
        server.Core.Receive(bytes, client.Address, _now);
        Assert.That(server.Core.TryTakeEvent(out var arrived), Is.EqualTo(known));
        if (!known)
        {
            Assert.That(server.Core.Counters[ShimDrop.UnknownName], Is.EqualTo(1));
            Assert.That(server.Core.TryTakeTransmit(out _), Is.False, "the reference is silent");
            return;
        }
        var request = (ShimEvent.RequestArrived)arrived!;
        Assert.That((request.Hash, request.Qos), Is.EqualTo((hash, message.Qos)));
        Assert.That(request.Data, Is.EqualTo(data.ToArray()));
        server.Request = request.Request;
    }

    private void Reply(Side client, Side server, byte[] bytes, UdpMessage message, int flowId)
    {
        var data = bytes.AsSpan(UdpMessage.Length).ToArray();
        server.Choose(message.DestinationEid);
        var response = (FlowError)(-message.Response);
        var answered = server.Core.Respond(server.Request, response, flowId, response == FlowError.None ? Endpoint() : null, data, null, _now, out _);
        Assert.That(answered, Is.EqualTo(FlowError.None));
        // The reference loses a reply that comes before it is ready for one (U1).
        Assert.That(server.Core.TryTakeTransmit(out _), Is.False, "held back");
        _now += AsReference.HoldBack;
        server.Core.Tick(_now);
        // Both of the reference spend an id on a refusal and lose it; ours has none to tell.
        if (message.Response != 0) bytes = WithoutResponder(bytes);
        AssertSends(server, client, bytes);

        client.Core.Receive(bytes, server.Address, _now);
        Assert.That(client.Core.TryTakeEvent(out var outcome));
        if (message.Response == 0) Assert.That(((ShimEvent.Opened)outcome!).Data, Is.EqualTo(data));
        else Assert.That(((ShimEvent.Refused)outcome!).Error, Is.EqualTo(response));
    }

    private void Data(Side from, Side to, byte[] datagram)
    {
        var payload = datagram.AsSpan(UdpHeader.Length);
        Assert.That(UdpHeader.TryParse(datagram, out var eid));
        var flow = from.Core.Flows.Single(f => f.Route?.PeerEid == eid);
        var packet = _pool.Rent(payload.Length);
        payload.CopyTo(packet.Span);
        Assert.That(from.Codec.TrySeal(packet, flow.Route!));
        Assert.That(SocketAddresses.TryRead(packet.PopHeader(from.AddressLength), from.Kind, out var destination));
        Assert.That(destination, Is.EqualTo(to.Address));
        Assert.That(packet.Span.ToArray(), Is.EqualTo(datagram));

        SocketAddresses.Write(packet.PushHeader(to.AddressLength), from.Address);
        Assert.That(to.Codec.TryOpen(packet, out var header));
        Assert.That(header.IsManagement, Is.False);
        var receiver = to.Core.Find(header.Eid);
        Assert.That(receiver, Is.Not.Null);
        Assert.That(receiver!.IsFromPeer(header));
        Assert.That(packet.Span.SequenceEqual(payload));
        packet.Dispose();
    }

    private static byte[] WithoutResponder(byte[] refusal) => [.. refusal[..4], 0, 0, 0, 0, .. refusal[8..]];

    private FlowEndpoint Endpoint() => new(_pool, TimeProvider.System);

    private void AssertSends(Side from, Side to, byte[] bytes)
    {
        Assert.That(from.Core.TryTakeTransmit(out var transmit));
        Assert.That(transmit.Destination, Is.EqualTo(to.Address));
        Assert.That(transmit.Message, Is.EqualTo(bytes));
        // As a datagram: the header in front of it.
        var packet = _pool.Rent(bytes.Length);
        bytes.CopyTo(packet.Span);
        Assert.That(from.Codec.TrySealManagement(packet, from.Address, to.Address));
        Assert.That(packet.Span[from.AddressLength..].ToArray(), Is.EqualTo((byte[])[0, 0, 0, 0, .. bytes]));
        packet.Dispose();
        Assert.That(from.Core.TryTakeTransmit(out _), Is.False);
    }

    private sealed class Side
    {
        private readonly ChosenIds _ids = new();

        public Side(UdpCodec codec, IPEndPoint endPoint)
        {
            Codec = codec;
            EndPoint = endPoint;
            Kind = codec == UdpCodec.Ipv4 ? LinkKind.Udp4 : LinkKind.Udp6;
            AddressLength = SocketAddresses.LengthOf(Kind);
            Address = LinkAddress.FromIp(endPoint.Address, (ushort)endPoint.Port);
            Core = new ShimCore(codec, AsReference, _ids);
            Core.SetLink(Address, 65507);
        }

        public UdpCodec Codec { get; }

        public IPEndPoint EndPoint { get; }

        public LinkKind Kind { get; }

        public int AddressLength { get; }

        public LinkAddress Address { get; }

        public ShimCore Core { get; }

        public long Request { get; set; }

        public int LastFlowId { get; set; }

        public void Choose(uint eid) => _ids.Chosen = eid - Codec.FirstEid;
    }

    /// <summary>Makes the core choose the id of the capture: ours are random, those of the reference count up from 64.</summary>
    private sealed class ChosenIds : Random
    {
        public long Chosen { get; set; }

        public override long NextInt64(long maxValue) => Chosen;
    }
}
