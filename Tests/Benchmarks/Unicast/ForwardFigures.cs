using System.Diagnostics;
using System.Globalization;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Wire;
using Ouroboros.Pool;
using Ouroboros.Tests.Benchmarks.Flows;

namespace Ouroboros.Tests.Benchmarks.Unicast;

/// <summary>
/// Forwarding in one process, without a link: packets of 64 bytes through one member's data transfer, and 100,000 flows that lead through a member
/// in the middle. <c>-- figures forward</c>.
/// </summary>
internal static class ForwardFigures
{
    private const int PacketSize = 64;
    private const int Destinations = 1000;
    private const int Flows = 100_000;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(3);

    public static int Run()
    {
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        foreach (var threads in new[] { 1, Environment.ProcessorCount }) Forward(pool, threads);
        ThroughTheMiddle(pool);
        return 0;
    }

    private static void Forward(PacketPool pool, int threads)
    {
        var dataTransfer = new DataTransfer(1, new DataTransferConfig(), pool, TimeProvider.System);
        var from = AddSink(dataTransfer, pool, 2);
        AddSink(dataTransfer, pool, 3);
        dataTransfer.Install([.. Enumerable.Range(100, Destinations).Select(d => new Route((ulong)d, [3]))]);
        var counts = new long[threads];
        var allocated = new long[threads];
        var watch = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, threads).Select(n => new Thread(() =>
        {
            var random = new Random(n);
            var before = GC.GetAllocatedBytesForCurrentThread();
            long count = 0;
            while (watch.Elapsed < s_duration)
            {
                for (var i = 0; i < 1000; i++, count++)
                {
                    if (!pool.TryRent(PacketSize, out var packet)) continue;
                    new DataTransferHeader((ulong)random.Next(100, 100 + Destinations), 0, 60, 0, (ulong)random.NextInt64(1L << 33, 1L << 60)).Write(packet.Span);
                    dataTransfer.Receive(from, packet);
                }
            }
            allocated[n] = GC.GetAllocatedBytesForCurrentThread() - before;
            counts[n] = count;
        })).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        Print($"forwarding, {threads} thread(s), {Destinations} destinations, {PacketSize} bytes", $"{counts.Sum() / watch.Elapsed.TotalSeconds:N0} packets/s, {allocated.Sum() / Math.Max(1, counts.Sum())} bytes allocated a packet");
        dataTransfer.Close();
    }

    private static void ThroughTheMiddle(PacketPool pool)
    {
        var members = Enumerable.Range(1, 3).Select(a => new Member((ulong)a, pool)).ToArray();
        Link(pool, members[0], members[1]);
        Link(pool, members[1], members[2]);
        members[0].DataTransfer.Install([new Route(2, [2]), new Route(3, [2])]);
        members[1].DataTransfer.Install([new Route(1, [1]), new Route(3, [3])]);
        members[2].DataTransfer.Install([new Route(1, [2]), new Route(2, [2])]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        for (var id = 0; id < Flows; id++)
        {
            members[0].Allocate(id);
            while (members.Any(m => m.Work()))
            {
            }
        }
        var open = members[0].State.Flows.Flows.ToArray();
        Print("flows allocated through a member in the middle", $"{open.Length:N0} of {Flows:N0} in {watch.Elapsed.TotalSeconds:N1} s");
        // What is remembered of requests is forgotten in time; it is no part of a flow.
        foreach (var member in members) member.Core.Tick(TimeSpan.FromHours(1));
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        Print("memory of both ends and the middle", $"{memory / (double)Flows:N0} bytes a flow, endpoints included; the middle keeps nothing of flows");
        watch.Restart();
        long sent = 0;
        var random = new Random(1);
        var payload = new byte[PacketSize - DataTransferHeader.Length];
        var receiver = new Receiver();
        foreach (var flow in members[2].State.Flows.Flows) flow.Endpoint.SetReceiver(receiver);
        while (watch.Elapsed < s_duration)
        {
            for (var i = 0; i < 1000; i++)
            {
                if (open[random.Next(open.Length)].Endpoint.TryWrite(payload) == FlowError.None) sent++;
            }
        }
        Print("packets over these flows, from end to end in one thread", $"{receiver.Count / watch.Elapsed.TotalSeconds:N0} packets/s, {sent - receiver.Count} of {sent:N0} lost");
        foreach (var member in members) member.Close();
    }

    private static void Print(string what, string figure) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-70} {figure}"));

    private static void Link(PacketPool pool, Member a, Member b)
    {
        var (endA, endB) = (new FlowEndpoint(pool, TimeProvider.System), new FlowEndpoint(pool, TimeProvider.System));
        EndpointLink.Connect(endA, endB);
        a.DataTransfer.AddAdjacency(endA, b.DataTransfer.Address, QosCube.BestEffort);
        b.DataTransfer.AddAdjacency(endB, a.DataTransfer.Address, QosCube.BestEffort);
    }

    private static int AddSink(DataTransfer dataTransfer, PacketPool pool, ulong peer)
    {
        var end = new FlowEndpoint(pool, TimeProvider.System);
        end.Attach(new CountingSink(1500));
        return dataTransfer.AddAdjacency(end, peer, QosCube.BestEffort);
    }

    /// <summary>Where packets of flows end.</summary>
    private sealed class Receiver : IFlowReceiver
    {
        public long Count { get; private set; }

        public void OnPacket(FlowEndpoint from, Packet packet)
        {
            Count++;
            packet.Dispose();
        }

        public void OnEvent(FlowEndpoint from, FlowEventType events)
        {
        }
    }

    /// <summary>A member without actors; the third one accepts.</summary>
    private sealed class Member : IFlowAllocatorOutput
    {
        private static readonly NameHash s_name = NameHash.Of(DirectoryHash.Sha3_256, "figures");
        private readonly PacketPool _pool;
        private readonly Queue<Action> _later = new();
        private int _lastAccepted;

        public Member(ulong address, PacketPool pool)
        {
            _pool = pool;
            DataTransfer = new DataTransfer(address, new DataTransferConfig(), pool, TimeProvider.System);
            State = new FlowAllocatorState(DataTransfer);
            var settings = new FlowAllocatorSettings { RequestBurst = int.MaxValue };
            Core = new FlowAllocatorCore(DataTransfer, DirectoryHash.Sha3_256, settings, State, this, UnforeseeableRandom.Instance);
        }

        public DataTransfer DataTransfer { get; }

        public FlowAllocatorState State { get; }

        public FlowAllocatorCore Core { get; }

        public void Allocate(int id) => Core.Allocate(id, new FlowEndpoint(_pool, TimeProvider.System), s_name, QosSpec.Raw, default, null, TimeSpan.Zero);

        public bool Work()
        {
            if (_later.TryDequeue(out var action))
            {
                action();
                return true;
            }
            if (!State.Inbox.TryTake(out var message)) return false;
            Core.Receive(message.Span, TimeSpan.Zero);
            message.Dispose();
            return true;
        }

        public void Close()
        {
            Core.Shutdown(TimeSpan.FromHours(1));
            DataTransfer.Close();
            State.Close();
        }

        public bool Send(ulong address, ReadOnlySpan<byte> message) => DataTransfer.SendMessage(address, FlowAllocatorCore.Eid, message);

        public void Resolve(NameHash hash) => _later.Enqueue(() => Core.OnResolved(hash, [3], FlowError.None, TimeSpan.Zero));

        public void Forget(NameHash hash, ulong address)
        {
        }

        public void Opened(UnicastFlow flow, ReadOnlyMemory<byte> data)
        {
        }

        public void Refused(int flowId, FlowError error, object? token) => throw new FlowException(error, "a flow was refused");

        public void RequestArrived(long request, NameHash hash, QosSpec qos, ReadOnlyMemory<byte> data) => _later.Enqueue(() =>
            Core.Respond(request, FlowError.None, ++_lastAccepted, new FlowEndpoint(_pool, TimeProvider.System), data.Span, null, TimeSpan.Zero));

        public void Released(int flowId, object? token)
        {
        }

        public void PeerReleased(UnicastFlow flow)
        {
        }
    }
}
