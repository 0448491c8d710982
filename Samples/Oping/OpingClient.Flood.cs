using System.Runtime.CompilerServices;
using Ouroboros.Pool;

namespace Ouroboros.Samples.Oping;

/// <content>Flood: the next request follows the reply to the last one. A request that is not answered in time is lost, and the next one sent.</content>
public sealed partial class OpingClient
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(1);

    // Without an answer to any of so many requests in a row the server is gone.
    private const int MaxLostInARow = 3;

    private async Task FloodAsync(Run run, CancellationToken stop)
    {
        var packet = new byte[_options.Size];
        var lost = 0;
        try
        {
            for (var i = 0; i < _options.Count && !stop.IsCancellationRequested; i++)
            {
                var start = _time.GetTimestamp();
                var id = run.Exchange.NextRequest(packet, start);
                if (!await SendAsync(run, packet, stop).ConfigureAwait(false)) return;
                var answered = _options.ClientMode == ClientMode.FloodBusy
                    ? SpinForReply(run, id, start, stop)
                    : await WaitForReplyAsync(run, id, start, stop).ConfigureAwait(false);
                lost = answered ? 0 : lost + 1;
                if (lost < MaxLostInARow) continue;
                OnReadFailed(run, new FlowException(FlowError.TimedOut, $"no reply to {lost} requests in a row"));
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped; the figures tell.
        }
        catch (FlowException e)
        {
            OnReadFailed(run, e);
        }
    }

    private async ValueTask<bool> SendAsync(Run run, byte[] packet, CancellationToken stop)
    {
        try
        {
            await run.Flow.WriteAsync(packet, stop).ConfigureAwait(false);
            run.Exchange.Statistics.Sent++;
            return true;
        }
        catch (FlowException)
        {
            run.Failed = true;
            _output.WriteLine("Failed to send packet.");
            return false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitForReplyAsync(Run run, uint id, long start, CancellationToken stop)
    {
        while (true)
        {
            var left = RequestTimeout - _time.GetElapsedTime(start);
            run.Flow.ReadTimeout = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            try
            {
                if (Take(run, id, await run.Flow.ReadPacketAsync(stop).ConfigureAwait(false))) return true;
            }
            catch (FlowException e) when (e.Error == FlowError.TimedOut)
            {
                return false;
            }
        }
    }

    private bool SpinForReply(Run run, uint id, long start, CancellationToken stop)
    {
        var spin = default(BusyWait);
        while (_time.GetElapsedTime(start) < RequestTimeout)
        {
            stop.ThrowIfCancellationRequested();
            var error = run.Flow.TryRead(out Packet packet);
            if (error == FlowError.None)
            {
                if (Take(run, id, packet)) return true;
                continue;
            }
            if (error != FlowError.TryAgain) throw new FlowException(error, "the flow is down; allocate a new one");
            spin.Once();
        }
        return false;
    }

    /// <summary>Counts and prints a packet; true when it answers the request that is waited for. A late reply to an earlier one is counted, too.</summary>
    private bool Take(Run run, uint id, Packet packet)
    {
        using (packet)
        {
            var reply = run.Exchange.OnPacket(packet.Span, _time.GetTimestamp());
            Print(run.Flow, reply, timeOfDay: null);
            return reply.Kind == ReplyKind.Reply && reply.Id == id;
        }
    }
}
