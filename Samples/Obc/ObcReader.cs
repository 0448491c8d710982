using Ouroboros.Samples.Obc.Wire;

namespace Ouroboros.Samples.Obc;

/// <summary>Joins a broadcast layer and prints every message. It borrows the application.</summary>
public sealed class ObcReader(Application application, TextWriter output)
{
    /// <summary>Reads until it is stopped or the layer is gone.</summary>
    /// <exception cref="FlowException">The layer could not be joined.</exception>
    public async Task RunAsync(string layer, CancellationToken stop = default)
    {
        Say("Starting a reader.");
        await using var flow = await application.JoinAsync(layer, cancellationToken: stop).ConfigureAwait(false);
        Say("New flow.");
        try
        {
            while (true)
            {
                using var packet = await flow.ReadPacketAsync(stop).ConfigureAwait(false);
                Say($"Message is {ObcMessage.Decode(packet.Span)}.");
            }
        }
        catch (FlowException)
        {
            Say("Failed to read.");
        }
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}
