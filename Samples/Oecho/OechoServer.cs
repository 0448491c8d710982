using System.Collections.Concurrent;
using Ouroboros.Samples.Oecho.Wire;

namespace Ouroboros.Samples.Oecho;

/// <summary>
/// Sends the first packet of every flow back and releases the flow. Each flow is served by a task of its own with a time-out, so a silent
/// client keeps nobody waiting. It borrows the application and owns the flows that it accepts.
/// </summary>
public sealed class OechoServer
{
    /// <summary>The name that is served; oecho knows no other.</summary>
    public const string Name = "oecho";

    /// <summary>How long a client may take to send; the reference waits for ever.</summary>
    public static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    private readonly Application _application;
    private readonly TextWriter _output;
    private readonly ConcurrentDictionary<Task, bool> _serving = [];

    /// <param name="application">Bound to <see cref="Name"/>.</param>
    /// <param name="output">Where to print; it must be safe for several threads.</param>
    public OechoServer(Application application, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(output);
        _application = application;
        _output = output;
    }

    /// <summary>Serves until it is stopped or accepting fails.</summary>
    /// <returns>false when accepting failed.</returns>
    public async Task<bool> RunAsync(CancellationToken stop = default)
    {
        Say("Starting the server.");
        try
        {
            while (true)
            {
                var flow = await _application.AcceptAsync(cancellationToken: stop).ConfigureAwait(false);
                Say("New flow.");
                var task = ServeAsync(flow, stop);
                _serving[task] = true;
                _ = task.ContinueWith(t => _serving.TryRemove(t, out _), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (FlowException)
        {
            Say("Failed to accept flow.");
            return false;
        }
        finally
        {
            await Task.WhenAll(_serving.Keys).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(Flow flow, CancellationToken stop)
    {
        var step = "Failed to read packet.";
        try
        {
            await using (flow)
            {
                flow.ReadTimeout = flow.WriteTimeout = ReadTimeout;
                var packet = await flow.ReadPacketAsync(stop).ConfigureAwait(false);
                Say($"Message from client is {OechoMessage.Decode(packet.Span)}.");
                step = "Failed to write packet.";
                await flow.WriteAsync(packet, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        catch (FlowException)
        {
            Say(step);
        }
    }

    private void Say(string line)
    {
        _output.WriteLine(line);
        _output.Flush();
    }
}
