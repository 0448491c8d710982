using Ouroboros.Samples.Oecho.Wire;

namespace Ouroboros.Samples.Oecho;

/// <summary>Sends one greeting and prints what comes back. It borrows the application.</summary>
public sealed class OechoClient
{
    /// <summary>How long it waits for the echo; the reference waits for ever.</summary>
    public static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    private readonly Application _application;
    private readonly TextWriter _output;

    /// <param name="application">Whose flow it is.</param>
    /// <param name="output">Where to print.</param>
    public OechoClient(Application application, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(output);
        _application = application;
        _output = output;
    }

    /// <summary>Why it failed, when it did.</summary>
    public FlowException? Failure { get; private set; }

    /// <summary>Allocates a flow to <see cref="OechoServer.Name"/>, sends, reads, releases.</summary>
    /// <returns>Whether the echo came back.</returns>
    public async Task<bool> RunAsync(CancellationToken stop = default)
    {
        var step = "Failed to allocate flow.";
        try
        {
            await using var flow = await _application.AllocateAsync(OechoServer.Name, cancellationToken: stop).ConfigureAwait(false);
            flow.ReadTimeout = flow.WriteTimeout = ReadTimeout;
            step = "Failed to write packet.";
            await flow.WriteAsync(OechoMessage.Encode(OechoMessage.Greeting), stop).ConfigureAwait(false);
            step = "Failed to read packet.";
            using var packet = await flow.ReadPacketAsync(stop).ConfigureAwait(false);
            _output.WriteLine($"Server replied with {OechoMessage.Decode(packet.Span)}");
            return true;
        }
        catch (FlowException e)
        {
            Failure = e;
            _output.WriteLine(step);
            return false;
        }
    }
}
