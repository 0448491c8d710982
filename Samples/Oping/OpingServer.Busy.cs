using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Samples.Oping;

/// <content>Without sleep: poll mode looks at all flows again and again, busy mode at one, without line per packet and without time-out.</content>
public sealed partial class OpingServer
{
    private async Task RunBusyAsync(CancellationToken stop)
    {
        try
        {
            await using var flow = await _application.AcceptAsync(cancellationToken: stop).ConfigureAwait(false);
            flow.Flags = FlowFlags.ReadWrite | FlowFlags.NonBlocking | FlowFlags.ReadNoPartial | FlowFlags.WriteNoPartial;
            _output.WriteLine($"New flow {flow.Descriptor} (busy-poll).");
            await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            await BusyWait.RunAsync(() => SpinAsync(flow, stop)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopped before a flow came.
        }
    }

    private Task PollAsync(CancellationToken stop)
    {
        var events = new FlowEvent[EventBatch];
        var spin = default(BusyWait);
        while (!stop.IsCancellationRequested)
        {
            var count = _set.Poll(events);
            if (count == 0)
            {
                _output.Flush();
                spin.Once();
                continue;
            }
            spin = default;
            for (var i = 0; i < count; i++) OnEvent(events[i], stop);
        }
        return Task.CompletedTask;
    }

    private Task SpinAsync(Flow flow, CancellationToken stop)
    {
        var spin = default(BusyWait);
        while (!stop.IsCancellationRequested)
        {
            var error = flow.TryRead(out Packet packet);
            if (error == FlowError.TryAgain)
            {
                spin.Once();
                continue;
            }
            if (error != FlowError.None) break;
            spin = default;
            error = TryMakeReply(packet.Span) ? SpinUntilWritten(flow, packet, stop) : FlowError.InvalidArgument;
            if (error == FlowError.None) continue;
            packet.Dispose();
            if (error != FlowError.InvalidArgument) _output.WriteLine($"Error writing to flow (fd {flow.Descriptor}).");
        }
        return Task.CompletedTask;
    }

    private static FlowError SpinUntilWritten(Flow flow, Packet packet, CancellationToken stop)
    {
        var spin = default(BusyWait);
        while (true)
        {
            var error = flow.TryWrite(packet);
            if (error != FlowError.TryAgain || stop.IsCancellationRequested) return error;
            spin.Once();
        }
    }
}
