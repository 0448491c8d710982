using System.Diagnostics;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Benchmarks.Flows;

/// <summary>As many messages from one end of a flow to the other as will go.</summary>
internal static class MessagePump
{
    /// <returns>Messages that were read within the time, and the time.</returns>
    public static async Task<(long Messages, double Seconds)> RunAsync(Flow from, Flow to, int size, int seconds)
    {
        long received = 0;
        using var end = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            var batch = new Packet[64];
            try
            {
                while (true)
                {
                    var count = to.ReadBatch(batch);
                    if (count == 0)
                    {
                        (await to.ReadPacketAsync(end.Token)).Dispose();
                        Interlocked.Increment(ref received);
                        continue;
                    }
                    for (var i = 0; i < count; i++) batch[i].Dispose();
                    Interlocked.Add(ref received, count);
                }
            }
            catch (Exception e) when (e is FlowException or OperationCanceledException)
            {
                // The end of the run.
            }
        });
        var message = new byte[size];
        var start = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    for (var i = 0; i < 100; i++) await from.WriteAsync(message, stop.Token);
                    stop.Token.ThrowIfCancellationRequested();
                }
            }
            catch (OperationCanceledException)
            {
                // The end of the run.
            }
        });
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var reached = Interlocked.Read(ref received);
        await end.CancelAsync();
        await reader;
        return (reached, elapsed);
    }
}
