using Ouroboros.Hocon;
using Ouroboros.Samples.Obc.Wire;

namespace Ouroboros.Samples.Obc;

/// <summary>obc as a whole: from the command line to the exit code.</summary>
public static class ObcProgram
{
    /// <summary>The options of the reference's obc, and the one that is ours.</summary>
    public const string Usage =
        """
        Usage: obc [OPTION]...
        Joins a broadcast layer, sends a message to everybody else there, or prints what comes

          -n, --name                Name of the layer
          -m, --message             Message to send (default: "Ouroboros multicast rocks!")
          -l, --listen              Print messages
              --config              HOCON file with the layers to run in
              --help                Display this help text and exit

        Without --config it uses the irmd of this machine.
        Example: obc -n LAYER -l    and, in another terminal,    obc -n LAYER -m hello

        """;

    private const int WrongUsage = 1;
    private const int NotJoined = 255;

    /// <summary>Runs it.</summary>
    /// <returns>0; 1 without a name or with a wrong option; 255 when the layer could not be joined.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, ToolConsole console, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(console);
        if (ArgumentReader.AsksForHelp(arguments))
        {
            console.Output.Write(Usage);
            return 0;
        }
        var reader = new ArgumentReader(arguments);
        var (listen, message) = (false, ObcMessage.Default);
        string? name = null, configuration = null;
        try
        {
            while (reader.MoveNext())
            {
                if (reader.Is("-l", "--listen")) listen = true;
                else if (reader.Is("-n", "--name", out var layer)) name = layer;
                else if (reader.Is("-m", "--message", out var text)) message = text;
                else if (reader.Is("--config", "--config", out var file)) configuration = file;
                else throw reader.Unknown();
            }
        }
        catch (UsageException e)
        {
            console.Error.WriteLine($"obc: {e.Message}");
            return WrongUsage;
        }
        if (name is null)
        {
            console.Output.WriteLine("Please specify a name.");
            console.Output.WriteLine();
            console.Output.Write(Usage);
            return WrongUsage;
        }
        string? advice = null;
        try
        {
            await using var attachment = await Attachment.OpenAsync("obc", configuration, stop).ConfigureAwait(false);
            advice = attachment.Advice;
            if (listen) await new ObcReader(attachment.Application, console.Output).RunAsync(name, stop).ConfigureAwait(false);
            else await SendAsync(attachment.Application, name, message, stop).ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is FlowException or HoconException)
        {
            if (e is FlowException) console.Output.WriteLine("Failed to join broadcast.");
            console.Error.WriteLine($"obc: {e.Message}");
            if (advice is not null) console.Error.WriteLine($"obc: {advice}");
            return NotJoined;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return listen ? 0 : NotJoined;
        }
    }

    private static async Task SendAsync(Application application, string layer, string message, CancellationToken stop)
    {
        await using var flow = await application.JoinAsync(layer, cancellationToken: stop).ConfigureAwait(false);
        await flow.WriteAsync(ObcMessage.Encode(message), stop).ConfigureAwait(false);
    }
}
