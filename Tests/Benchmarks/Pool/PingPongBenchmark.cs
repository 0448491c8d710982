using BenchmarkDotNet.Attributes;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Benchmarks.Packets;

/// <summary>A round trip between two tasks over two rings, awaited at both ends; bar: 5 us.</summary>
[MemoryDiagnoser]
public class PingPongBenchmark
{
    private const int Rounds = 10_000;

    private readonly PacketRing _ping = new();
    private readonly PacketRing _pong = new();
    private Task _echo = Task.CompletedTask;

    [GlobalSetup]
    public void SetUp() => _echo = Task.Run(EchoAsync);

    [GlobalCleanup]
    public void CleanUp()
    {
        _ping.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        _echo.Wait();
    }

    [Benchmark(OperationsPerInvoke = Rounds)]
    public Task RoundTrip() => Task.Run(async () =>
    {
        for (int i = 0; i < Rounds; i++)
        {
            _ping.TryWrite(Packet.FromHandle(1));
            while (_pong.TryRead(out _) != FlowError.None) await _pong.WaitReadableAsync(Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        }
    });

    private async Task EchoAsync()
    {
        while (await _ping.WaitReadableAsync(Timeout.InfiniteTimeSpan).ConfigureAwait(false) == FlowError.None)
        {
            while (_ping.TryRead(out Packet p) == FlowError.None) _pong.TryWrite(p);
        }
    }
}
