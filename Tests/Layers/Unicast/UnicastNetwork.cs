using System.Buffers.Binary;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Members in a line, 1 - 2 - 3 ..., each with data transfer and a flow allocator without an actor, in one thread and with one manual clock.</summary>
internal sealed class UnicastNetwork : IDisposable
{
    public static readonly NameHash Name = NameHash.Of(DirectoryHash.Sha3_256, "oping");

    private readonly List<FlowEndpoint> _endpoints = [];

    public UnicastNetwork(int members, FlowAllocatorSettings? settings = null, DataTransferConfig? config = null)
    {
        Pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        for (var i = 1; i <= members; i++) Members.Add(new UnicastNode(this, (ulong)i, settings ?? new FlowAllocatorSettings(), config ?? new DataTransferConfig()));
        for (var i = 1; i < members; i++) Link((ulong)i, (ulong)i + 1);
        foreach (var member in Members)
        {
            member.DataTransfer.Install([.. Members.Where(m => m != member).Select(m => new Route(m.Address, [m.Address > member.Address ? member.Address + 1 : member.Address - 1]))]);
        }
    }

    public ManualTimeProvider Time { get; } = new();

    public PacketPool Pool { get; }

    public List<UnicastNode> Members { get; } = [];

    public UnicastNode this[ulong address] => Members[(int)address - 1];

    public TimeSpan Now => Time.GetElapsedTime(0);

    public FlowEndpoint End()
    {
        var end = new FlowEndpoint(Pool, Time);
        _endpoints.Add(end);
        return end;
    }

    /// <summary>Lets messages and time pass until nothing has to be done within that time.</summary>
    public void Run(TimeSpan time)
    {
        var until = Now + time;
        while (true)
        {
            while (Members.Any(m => m.Work()))
            {
            }
            var next = Members.Min(m => m.Core.Deadline);
            if (next > until) break;
            if (next > Now) Time.Advance(next - Now);
            foreach (var member in Members) member.Core.Tick(Now);
        }
        if (until > Now) Time.Advance(until - Now);
    }

    /// <summary>A handshake with an id of 16 bytes in front.</summary>
    public static byte[] Handshake(int id, int length = 36)
    {
        var bytes = new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, id);
        return bytes;
    }

    public void Dispose()
    {
        foreach (var member in Members) member.Close();
        foreach (var endpoint in _endpoints) endpoint.Close();
        Assert.That(Pool.Outstanding, Is.Zero, "packets leaked");
        Pool.Dispose();
    }

    private void Link(ulong a, ulong b)
    {
        var (endA, endB) = (End(), End());
        EndpointLink.Connect(endA, endB);
        this[a].DataTransfer.AddAdjacency(endA, b, QosCube.BestEffort);
        this[b].DataTransfer.AddAdjacency(endB, a, QosCube.BestEffort);
    }
}
