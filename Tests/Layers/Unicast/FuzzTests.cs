using System.Buffers.Binary;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Wire;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Captured messages of each kind, cut short and changed at random: nothing throws, leaks or grows, and what is not used is counted.</summary>
public sealed class FuzzTests
{
    private const int Mutations = 100_000;

    private static readonly FlowAllocatorCode[] s_kinds = [FlowAllocatorCode.Request, FlowAllocatorCode.Reply, FlowAllocatorCode.Update, FlowAllocatorCode.Release];

    [TestCaseSource(nameof(s_kinds))]
    public void Mutated_messages_do_no_harm(FlowAllocatorCode kind)
    {
        using var network = Network(out var node, out var flow);
        var packet = Packet(node, flow, kind);
        var random = new Random(7 + (int)kind);
        for (var n = 0; n < Mutations; n++)
        {
            var mutated = packet.ToArray();
            for (var i = random.Next(1, 5); i > 0; i--) mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            if (random.Next(8) == 0) mutated = mutated[..random.Next(mutated.Length)];
            // Most of them are to arrive.
            if (mutated.Length >= DataTransferHeader.Length && random.Next(16) != 0) packet.AsSpan(0, DataTransferHeader.Length).CopyTo(mutated);
            Feed(network, node, mutated);
            if (n % 1000 == 0) network.Run(TimeSpan.FromSeconds(1));
        }
        Assert.That(node.State.Counters.Total + node.DataTransfer.Counters.Total, Is.GreaterThan(kind == FlowAllocatorCode.Update ? 1000 : Mutations / 4));
        Assert.That(node.Core.Size, Is.LessThan(20_000));
        network.Run(TimeSpan.FromSeconds(60));
        Assert.That(node.Core.ArrivedCount + node.Core.RememberedCount, Is.Zero);
    }

    [TestCaseSource(nameof(s_kinds))]
    public void Every_truncation_is_taken_or_counted(FlowAllocatorCode kind)
    {
        using var network = Network(out var node, out var flow);
        var packet = Packet(node, flow, kind);
        for (var length = 1; length < packet.Length; length++)
        {
            var before = node.State.Counters.Total + node.DataTransfer.Counters.Total;
            Feed(network, node, packet[..length]);
            var least = DataTransferHeader.Length + FlowAllocatorMessage.FixedLength + (kind == FlowAllocatorCode.Request ? 32 : 0);
            if (length < least) Assert.That(node.State.Counters.Total + node.DataTransfer.Counters.Total, Is.EqualTo(before + 1), $"{length} bytes");
        }
        Feed(network, node, []);
    }

    private static UnicastNetwork Network(out UnicastNode node, out UnicastFlow flow)
    {
        var network = new UnicastNetwork(2);
        node = network[1];
        node.Addresses = [2];
        var ends = network;
        network[2].Accept = _ => ends.End();
        node.Core.Allocate(1, network.End(), UnicastNetwork.Name, QosSpec.Raw, UnicastNetwork.Handshake(1), null, network.Now);
        network.Run(TimeSpan.FromSeconds(1));
        flow = node.Opened.Single().Flow;
        return network;
    }

    /// <summary>A captured message of the kind, to this member and as far as it can be to its flow.</summary>
    private static byte[] Packet(UnicastNode node, UnicastFlow flow, FlowAllocatorCode kind)
    {
        var message = kind == FlowAllocatorCode.Release
            ? new FlowAllocatorMessage { Code = kind, Source = 2, Receiver = flow.Eid, Sender = flow.Remote!.Eid, Offer = FlowAllocatorMessage.OfferVersion1 }.ToArray()
            : UnicastCapture.Names.Where(n => !n.StartsWith("inject", StringComparison.Ordinal)).SelectMany(UnicastCapture.Messages)
                .First(m => FlowAllocatorMessage.CodeOf(m.Message) == kind).Message;
        if (kind != FlowAllocatorCode.Request) BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan(8), flow.Eid);
        var packet = new byte[DataTransferHeader.Length + message.Length];
        new DataTransferHeader(node.Address, 0, 60, 0, 0).Write(packet);
        message.CopyTo(packet, DataTransferHeader.Length);
        return packet;
    }

    private static void Feed(UnicastNetwork network, UnicastNode node, byte[] bytes)
    {
        var packet = network.Pool.Rent(bytes.Length);
        bytes.CopyTo(packet.Span);
        node.DataTransfer.Receive(0, packet);
        while (node.Work())
        {
        }
        node.Sent.Clear();
        node.Requests.Clear();
    }
}
