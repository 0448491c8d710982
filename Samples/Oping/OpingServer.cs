using System.Collections.Concurrent;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;
using Ouroboros.Samples.Oping.Wire;

namespace Ouroboros.Samples.Oping;

/// <summary>
/// Answers pings: one task accepts flows, one serves all of them, a timer forgets those that were idle for 10 s (over most layers a client
/// leaves without a word). It owns the flows that it accepts, any number of them.
/// </summary>
public sealed partial class OpingServer : IAsyncDisposable
{
    /// <summary>A flow without a request for longer than this is released (reference: 10 s).</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    // Packets of one flow before the others get their turn.
    private const int Budget = 256;
    private const int EventBatch = 64;

    private readonly Application _application;
    private readonly OpingOptions _options;
    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly FlowSet _set;
    private readonly ConcurrentDictionary<Flow, OpingConnection> _connections = [];
    private readonly CancellationTokenSource _stop = new();

    /// <param name="application">Bound to the name that is served.</param>
    /// <param name="options">How to serve.</param>
    /// <param name="output">Where to print; it must be safe for several threads.</param>
    /// <param name="time">The clock of idle times; the system's when null.</param>
    public OpingServer(Application application, OpingOptions options, TextWriter output, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        _application = application;
        _options = options;
        _output = output;
        _time = time ?? TimeProvider.System;
        _set = application.CreateFlowSet();
    }

    /// <summary>Flows that are being served.</summary>
    public int FlowCount => _connections.Count;

    /// <summary>Serves until it is stopped, then releases all flows; in busy mode until the one flow ends.</summary>
    public async Task RunAsync(CancellationToken stop = default)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, _stop.Token);
        if (_options.ServerMode == ServerMode.Busy)
        {
            await RunBusyAsync(stopping.Token).ConfigureAwait(false);
            return;
        }
        _output.WriteLine("Ouroboros ping server started.");
        await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await using var sweeper = _time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        var serving = _options.ServerMode == ServerMode.Poll
            ? BusyWait.RunAsync(() => PollAsync(stopping.Token))
            : Task.Run(() => ServeAsync(stopping.Token), CancellationToken.None);
        try
        {
            var accepting = AcceptAsync(stopping.Token);
            await await Task.WhenAny(accepting, serving).ConfigureAwait(false);
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await serving.ConfigureAwait(false);
            await ReleaseAllAsync().ConfigureAwait(false);
            await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Serves an accepted flow; packets that came before are answered as well.</summary>
    public void Serve(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        flow.Flags = FlowFlags.ReadWrite | FlowFlags.ReadNoBlock | FlowFlags.ReadNoPartial | FlowFlags.WriteNoPartial;
        flow.WriteTimeout = IdleTimeout;
        _connections[flow] = new OpingConnection(flow, _time.GetTimestamp());
        _set.Add(flow);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ReleaseAllAsync().ConfigureAwait(false);
        _set.Dispose();
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var flow = await _application.AcceptAsync(cancellationToken: stop).ConfigureAwait(false);
                _output.WriteLine($"New flow {flow.Descriptor}.");
                await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                Serve(flow);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (FlowException e)
            {
                _output.WriteLine($"Failed to accept flow: {e.Number} ");
                await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                // The runtime is gone: no later try can succeed.
                if (e.Error is FlowError.BrokenPipe or FlowError.IrmdUnreachable or FlowError.InvalidArgument) throw;
                await Task.Delay(AcceptRetry, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(CancellationToken stop)
    {
        var events = new FlowEvent[EventBatch];
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var count = _set.Poll(events);
                if (count == 0)
                {
                    await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                    count = await _set.WaitAsync(events, Timeout.InfiniteTimeSpan, stop).ConfigureAwait(false);
                }
                for (var i = 0; i < count; i++) OnEvent(events[i], stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void OnEvent(FlowEvent e, CancellationToken stop)
    {
        if (!_connections.TryGetValue(e.Flow, out var connection)) return;
        for (var i = 0; i < Budget; i++)
        {
            if (e.Flow.TryRead(out Packet packet) != FlowError.None)
            {
                if (e.Has(FlowEventType.Dealloc) || e.Has(FlowEventType.Peer)) Release(connection);
                return;
            }
            if (!Answer(connection, packet, stop)) return;
        }
        // The set reports packets that are left, but says only once that the peer is gone; then this is the last chance to read on.
        if (e.Has(FlowEventType.Dealloc) || e.Has(FlowEventType.Peer)) OnEvent(e, stop);
    }

    /// <summary>Sends a request back in the packet that it came in; false when the client has no room and the flow must rest.</summary>
    private bool Answer(OpingConnection connection, Packet packet, CancellationToken stop)
    {
        var flow = connection.Flow;
        if (!_options.Quiet) _output.WriteLine($"Received {packet.Length} bytes on fd {flow.Descriptor}.");
        if (!TryMakeReply(packet.Span))
        {
            _output.WriteLine($"Invalid message on fd {flow.Descriptor}.");
            packet.Dispose();
            return true;
        }
        connection.LastRequest = _time.GetTimestamp();
        var error = flow.TryWrite(packet);
        if (error == FlowError.None) return true;
        if (error == FlowError.TryAgain)
        {
            // Back-pressure: as long as the client does not take its replies, its requests stay where they are.
            _set.Remove(flow);
            connection.Pending = AnswerLaterAsync(connection, packet, stop);
            return false;
        }
        packet.Dispose();
        _output.WriteLine($"Error writing to flow (fd {flow.Descriptor}).");
        return true;
    }

    private async Task AnswerLaterAsync(OpingConnection connection, Packet packet, CancellationToken stop)
    {
        var flow = connection.Flow;
        try
        {
            await flow.WriteAsync(packet, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (FlowException)
        {
            _output.WriteLine($"Error writing to flow (fd {flow.Descriptor}).");
        }
        if (!_connections.ContainsKey(flow)) return;
        if (flow.IsDown)
        {
            Release(connection);
            return;
        }
        _set.Add(flow);
        // It may have been released in between, by the sweeper.
        if (!_connections.ContainsKey(flow)) _set.Remove(flow);
    }

    private static bool TryMakeReply(Span<byte> packet)
    {
        if (!OpingMessage.TryParse(packet, out var message) || message.Type != OpingMessageType.Request) return false;
        OpingMessage.WriteType(packet, OpingMessageType.Reply);
        return true;
    }

    private void Sweep()
    {
        foreach (var connection in _connections.Values)
        {
            if (_time.GetElapsedTime(connection.LastRequest) <= IdleTimeout) continue;
            _output.WriteLine($"Flow {connection.Flow.Descriptor} timed out.");
            _output.Flush();
            Release(connection);
        }
    }

    private void Release(OpingConnection connection)
    {
        if (!_connections.TryRemove(connection.Flow, out _)) return;
        _set.Remove(connection.Flow);
        connection.Flow.Dispose();
    }

    private async Task ReleaseAllAsync()
    {
        foreach (var connection in _connections.Values)
        {
            Release(connection);
            await connection.Pending.ConfigureAwait(false);
        }
    }
}
