using BenchmarkDotNet.Attributes;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Benchmarks.Packets;

/// <summary>What a layer does to a packet, per operation; the checks of handle, generation and bounds are part of it.</summary>
[MemoryDiagnoser]
public class PacketBenchmark
{
    private PacketPool _pool = null!;
    private Packet _packet;

    [GlobalSetup]
    public void SetUp()
    {
        _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        _packet = _pool.Rent(64);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _packet.Dispose();
        _pool.Dispose();
    }

    [Benchmark]
    public int Length() => _packet.Length;

    [Benchmark]
    public int Span() => _packet.Span.Length;

    [Benchmark]
    public int PushAndPopHeader() => _packet.PushHeader(12).Length + _packet.PopHeader(12).Length;
}
