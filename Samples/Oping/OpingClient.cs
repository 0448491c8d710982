using Ouroboros.Layers.Flow;

namespace Ouroboros.Samples.Oping;

/// <summary>
/// Pings a name and prints what comes back. In normal mode one task writes on time and another reads; in the flood modes one task does
/// both. It borrows the application and, in <see cref="PingAsync"/>, the flow.
/// </summary>
public sealed partial class OpingClient
{
    // A silent server is given this and the interval (reference: 2 s).
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // What may still be on its way when the user stops the client.
    private static readonly TimeSpan LastReplies = TimeSpan.FromMilliseconds(250);

    private readonly OpingOptions _options;
    private readonly TextWriter _output;
    private readonly TimeProvider _time;

    /// <param name="options">What to ping, and how.</param>
    /// <param name="output">Where to print; it must be safe for several threads.</param>
    /// <param name="time">The clock of pacing, stamps and time-outs; the system's when null.</param>
    public OpingClient(OpingOptions options, TextWriter output, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        _options = options;
        _output = output;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Allocates a flow, pings over it and releases it.</summary>
    /// <param name="application">Whose flow it is.</param>
    /// <param name="stop">Ends the pings; figures are printed all the same.</param>
    /// <exception cref="FlowException">The flow could not be allocated.</exception>
    public async Task<PingResult> RunAsync(Application application, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        await using var flow = await application.AllocateAsync(_options.Name, _options.Qos, cancellationToken: stop).ConfigureAwait(false);
        return await PingAsync(flow, stop).ConfigureAwait(false);
    }

    /// <summary>Pings over a flow, which stays allocated.</summary>
    /// <param name="flow">The flow; its flags and time-outs are set.</param>
    /// <param name="stop">Ends the pings; figures are printed all the same.</param>
    public async Task<PingResult> PingAsync(Flow flow, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(flow);
        flow.Flags = FlowFlags.ReadWrite | FlowFlags.ReadNoPartial | FlowFlags.WriteNoPartial;
        if (!_options.Quiet)
        {
            _output.WriteLine(PingReport.Start(_options));
            _output.WriteLine();
            await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        var run = new Run(flow, new PingExchange(_options.Count, _time.TimestampFrequency));
        var start = _time.GetTimestamp();
        await (_options.ClientMode switch
        {
            ClientMode.Normal => NormalAsync(run, stop),
            // Off the caller's thread: a flood may never wait.
            ClientMode.Flood => Task.Run(() => FloodAsync(run, stop), CancellationToken.None),
            _ => BusyWait.RunAsync(() => FloodAsync(run, stop)),
        }).ConfigureAwait(false);
        var result = new PingResult(run.Exchange.Statistics, _time.GetElapsedTime(start), run.TimedOut, run.Failed);

        _output.WriteLine();
        foreach (var line in PingReport.Summary(_options.Name, result.Statistics, result.Elapsed)) _output.WriteLine(line);
        await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    private async Task NormalAsync(Run run, CancellationToken stop)
    {
        run.Flow.ReadTimeout = TimeSpan.FromSeconds(Math.Floor(_options.Interval.TotalSeconds)) + Patience;
        using var noReader = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var noMoreReplies = new CancellationTokenSource();
        var reader = Task.Run(() => ReadAsync(run, noMoreReplies.Token), CancellationToken.None);
        var writer = Task.Run(() => WriteAsync(run, noReader.Token), CancellationToken.None);
        if (await Task.WhenAny(reader, writer).ConfigureAwait(false) == writer)
        {
            if (run.IsComplete) await noMoreReplies.CancelAsync().ConfigureAwait(false);
            else if (stop.IsCancellationRequested) await GiveLastRepliesAsync(reader, noMoreReplies).ConfigureAwait(false);
            else await EndOnStopAsync(reader, noMoreReplies, stop).ConfigureAwait(false);
        }
        else
        {
            await noReader.CancelAsync().ConfigureAwait(false);
        }
        await Task.WhenAll(reader, writer).ConfigureAwait(false);
    }

    private async Task EndOnStopAsync(Task reader, CancellationTokenSource noMoreReplies, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), stopped);
        if (await Task.WhenAny(reader, stopped.Task).ConfigureAwait(false) != reader) await GiveLastRepliesAsync(reader, noMoreReplies).ConfigureAwait(false);
    }

    private async Task GiveLastRepliesAsync(Task reader, CancellationTokenSource noMoreReplies)
    {
        try
        {
            await reader.WaitAsync(LastReplies, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await noMoreReplies.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(Run run, CancellationToken stop)
    {
        var packet = new byte[_options.Size];
        var pacer = _options.Interval > TimeSpan.Zero ? new Pacer(_time, _options.Interval) : null;
        try
        {
            for (var i = 0; i < _options.Count; i++)
            {
                if (pacer is not null) await pacer.NextAsync(stop).ConfigureAwait(false);
                else stop.ThrowIfCancellationRequested();
                run.Exchange.NextRequest(packet, _time.GetTimestamp());
                await run.Flow.WriteAsync(packet, stop).ConfigureAwait(false);
                run.Exchange.Statistics.Sent++;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped, or the reader has given up; the figures tell.
        }
        catch (FlowException)
        {
            run.Failed = true;
            _output.WriteLine("Failed to send packet.");
        }
        finally
        {
            run.WriterDone = true;
        }
    }

    private async Task ReadAsync(Run run, CancellationToken stop)
    {
        try
        {
            while (!run.IsComplete)
            {
                using var packet = await run.Flow.ReadPacketAsync(stop).ConfigureAwait(false);
                var reply = run.Exchange.OnPacket(packet.Span, _time.GetTimestamp());
                Print(run.Flow, reply, _options.TimeOfDay ? _time.GetUtcNow() : null);
                if (!_options.Quiet && run.Flow.ReceiveQueueLength == 0) await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing is on its way any more.
        }
        catch (FlowException e)
        {
            OnReadFailed(run, e);
        }
    }

    private void OnReadFailed(Run run, FlowException e)
    {
        if (e.Error == FlowError.TimedOut) run.TimedOut = true;
        else run.Failed = true;
        _output.WriteLine(run.TimedOut ? "Server timed out." : "Failed to read packet.");
    }

    private void Print(Flow flow, PingReply reply, DateTimeOffset? timeOfDay)
    {
        switch (reply.Kind)
        {
            case ReplyKind.InvalidMessage:
                _output.WriteLine($"Invalid message on fd {flow.Descriptor}.");
                break;
            case ReplyKind.InvalidId:
                _output.WriteLine("Invalid id.");
                break;
            default:
                if (!_options.Quiet) _output.WriteLine(PingReport.Reply(_options.Name, reply, timeOfDay));
                break;
        }
    }

    /// <summary>What the tasks of one run share.</summary>
    private sealed class Run(Flow flow, PingExchange exchange)
    {
        private volatile bool _writerDone;

        public Flow Flow { get; } = flow;

        public PingExchange Exchange { get; } = exchange;

        public bool TimedOut { get; set; }

        public bool Failed { get; set; }

        public bool WriterDone
        {
            set
            {
                _writerDone = value;
                // The reader counts, then looks here; the writer sets this, then looks at the count: one of them sees the other.
                Interlocked.MemoryBarrier();
            }
        }

        public bool IsComplete
        {
            get
            {
                Interlocked.MemoryBarrier();
                return _writerDone && Exchange.Statistics.Received == Exchange.Statistics.Sent;
            }
        }
    }
}
