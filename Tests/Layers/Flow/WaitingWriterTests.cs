using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Flow;

public sealed class WaitingWriterTests : PoolTest
{
    private const long Patience = 2000;
    private const long Limit = 60_000;

    private readonly ManualTimeProvider _time = new();

    [Test]
    public void Nothing_is_allocated_for_a_writer_that_waits_for_the_window_of_its_peer()
    {
        using var timers = new TimerWheel(_time);
        var (a, b) = Pair(timers);
        for (var i = 0; i < 4; i++) FillWaitAndRead(a, b);
        Assert.That(Allocations.Of(() => FillWaitAndRead(a, b)), Is.Zero);
        a.Close();
        b.Close();
    }

    /// <summary>Writes until one write waits, and reads until it waits no longer, which it finds out in a thread of the pool.</summary>
    private void FillWaitAndRead(FlowEndpoint a, FlowEndpoint b)
    {
        var write = a.WriteAsync(Pool.Rent(1)).ConfigureAwait(false).GetAwaiter();
        while (write.IsCompleted)
        {
            write.GetResult();
            write = a.WriteAsync(Pool.Rent(1)).ConfigureAwait(false).GetAwaiter();
        }
        var start = Environment.TickCount64;
        while (!write.IsCompleted)
        {
            Read(b);
            Thread.Yield();
            var waited = Environment.TickCount64 - start;
            // Two threads run the flow now: what one of them leaves to a timer comes with it. That allocates, so it is not in the round that counts.
            if (waited > Patience) _time.Advance(TimeSpan.FromMilliseconds(1));
            if (waited > Limit) Assert.Fail("the writer was not woken");
        }
        write.GetResult();
        Read(b);
    }

    private static void Read(FlowEndpoint end)
    {
        while (end.TryRead(out Packet packet) == FlowError.None) packet.Dispose();
    }

    private (FlowEndpoint A, FlowEndpoint B) Pair(TimerWheel timers)
    {
        var a = new FlowEndpoint(Pool, _time) { Qos = QosSpec.Data };
        var b = new FlowEndpoint(Pool, _time) { Qos = QosSpec.Data };
        foreach (var end in new[] { a, b }) end.Start(new FlowStageSettings { Timers = timers, Random = new Random(1) });
        EndpointLink.Connect(a, b);
        return (a, b);
    }
}
