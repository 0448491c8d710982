using BenchmarkDotNet.Attributes;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Benchmarks.Packets;

/// <summary>
/// Handles through a ring from one thread to another; bar: 50 million a second, 20 ns each. The handles name no packet: the ring alone
/// is measured. Needs two free processors.
/// </summary>
[MemoryDiagnoser]
public class RingBenchmark
{
    private const int Total = 2_000_000;
    private const int Batch = 64;

    private readonly PacketRing _ring = new();
    private readonly Packet[] _out = new Packet[Batch];
    private readonly Packet[] _in = new Packet[Batch];
    private Crew _single = null!;
    private Crew _batch = null!;

    [GlobalSetup]
    public void SetUp()
    {
        Array.Fill(_out, Packet.FromHandle(1));
        _single = new Crew(2, i =>
        {
            if (i == 0) WriteSingly();
            else ReadSingly();
        });
        _batch = new Crew(2, i =>
        {
            if (i == 0) WriteBatches();
            else ReadBatches();
        });
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _single.Dispose();
        _batch.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Total)]
    public void Single() => _single.RunOnce();

    [Benchmark(OperationsPerInvoke = Total)]
    public void Batches() => _batch.RunOnce();

    private void WriteSingly()
    {
        var pause = new Pause();
        for (int i = 0; i < Total;)
        {
            if (_ring.TryWrite(_out[0]) == FlowError.None) i++;
            else pause.Once();
        }
    }

    private void ReadSingly()
    {
        var pause = new Pause();
        for (int i = 0; i < Total;)
        {
            if (_ring.TryRead(out _) == FlowError.None) i++;
            else pause.Once();
        }
    }

    private void WriteBatches()
    {
        var pause = new Pause();
        for (int i = 0; i < Total;)
        {
            int n = _ring.WriteBatch(_out.AsSpan(0, Math.Min(Batch, Total - i)));
            i += n;
            if (n == 0) pause.Once();
        }
    }

    private void ReadBatches()
    {
        var pause = new Pause();
        for (int i = 0; i < Total;)
        {
            int n = _ring.ReadBatch(_in);
            i += n;
            if (n == 0) pause.Once();
        }
    }

    /// <summary>What a poller does when there is nothing to do: spins, and now and then lets the other side run on a busy machine.</summary>
    private struct Pause
    {
        private int _count;

        public void Once()
        {
            if ((++_count & 15) == 0) Thread.Yield();
            else Thread.SpinWait(50);
        }
    }
}
