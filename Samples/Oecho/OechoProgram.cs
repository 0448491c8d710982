using Ouroboros.Hocon;

namespace Ouroboros.Samples.Oecho;

/// <summary>oecho as a whole: from the command line to the exit code.</summary>
public static class OechoProgram
{
    /// <summary>The reference's help text, and the one option that is ours.</summary>
    public const string Usage =
        """
        Usage: oecho [OPTION]...
        Sends an echo between a server and a client

          -l, --listen              Run in server mode
              --config              HOCON file with the layers to run in
              --help                Display this help text and exit

        Without --config it uses the irmd of this machine.
        Example: oecho --listen    and, in another terminal,    oecho

        """;

    private const int WrongUsage = 1;
    private const int Failed = 255;

    /// <summary>Runs it.</summary>
    /// <returns>0 when the echo came back, the server was stopped or help was asked for; 1 when the command line was wrong; else 255.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, ToolConsole console, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(console);
        if (ArgumentReader.AsksForHelp(arguments))
        {
            console.Output.Write(Usage);
            return 0;
        }
        var reader = new ArgumentReader(arguments);
        var listen = false;
        string? configuration = null;
        try
        {
            while (reader.MoveNext())
            {
                if (reader.Is("-l", "--listen")) listen = true;
                else if (reader.Is("--config", "--config", out var file)) configuration = file;
                else throw reader.Unknown();
            }
        }
        catch (UsageException e)
        {
            console.Error.WriteLine($"oecho: {e.Message}");
            return WrongUsage;
        }
        try
        {
            await using var attachment = await Attachment.OpenAsync("oecho", configuration, stop).ConfigureAwait(false);
            return listen ? await ServeAsync(attachment, console, stop).ConfigureAwait(false) : await EchoAsync(attachment, console, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FlowException or HoconException)
        {
            console.Error.WriteLine($"oecho: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return listen ? 0 : Failed;
        }
    }

    private static async Task<int> ServeAsync(Attachment attachment, ToolConsole console, CancellationToken stop)
    {
        await attachment.ServeAsync(OechoServer.Name, stop).ConfigureAwait(false);
        if (attachment.Advice is { } advice) console.Error.WriteLine($"oecho: {advice}");
        return await new OechoServer(attachment.Application, console.Output).RunAsync(stop).ConfigureAwait(false) ? 0 : Failed;
    }

    private static async Task<int> EchoAsync(Attachment attachment, ToolConsole console, CancellationToken stop)
    {
        var client = new OechoClient(attachment.Application, console.Output);
        if (await client.RunAsync(stop).ConfigureAwait(false)) return 0;
        console.Error.WriteLine($"oecho: {client.Failure!.Message}");
        if (attachment.Advice is { } advice) console.Error.WriteLine($"oecho: {advice}");
        return Failed;
    }
}
