using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Samples.Oping;

/// <content>Busy mode: one flow, no sleep, no line per packet, no time-out.</content>
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
            await Task.Run(() => Spin(flow, stop), CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopped before a flow came.
        }
    }

    private void Spin(Flow flow, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var error = flow.TryRead(out Packet packet);
            if (error == FlowError.TryAgain) continue;
            if (error != FlowError.None) return;
            error = TryMakeReply(packet.Span) ? SpinUntilWritten(flow, packet, stop) : FlowError.InvalidArgument;
            if (error == FlowError.None) continue;
            packet.Dispose();
            if (error != FlowError.InvalidArgument) _output.WriteLine($"Error writing to flow (fd {flow.Descriptor}).");
        }
    }

    private static FlowError SpinUntilWritten(Flow flow, Packet packet, CancellationToken stop)
    {
        while (true)
        {
            var error = flow.TryWrite(packet);
            if (error != FlowError.TryAgain || stop.IsCancellationRequested) return error;
        }
    }
}
