using Ouroboros.Hocon;

namespace Ouroboros.Samples.Oping;

/// <summary>oping as a whole: from the command line to the exit code.</summary>
public static class OpingProgram
{
    /// <summary>Runs it.</summary>
    /// <returns>
    /// 0 when every packet came back or the server was stopped; 1 when packets were lost, the server timed out, the flow could not be
    /// allocated or the command line was wrong.
    /// </returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, ToolConsole console, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(console);
        if (ArgumentReader.AsksForHelp(arguments))
        {
            console.Output.Write(OpingCommandLine.Usage);
            return 0;
        }
        if (OpingCommandLine.Parse(arguments, console.Output) is not { } options) return 1;
        try
        {
            await using var attachment = await Attachment.OpenAsync("oping", options.Configuration, stop).ConfigureAwait(false);
            return options.Listen
                ? await ServeAsync(attachment, options, console, stop).ConfigureAwait(false)
                : await PingAsync(attachment, options, console, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FlowException or HoconException)
        {
            console.Error.WriteLine($"oping: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> ServeAsync(Attachment attachment, OpingOptions options, ToolConsole console, CancellationToken stop)
    {
        await attachment.ServeAsync(options.Name, stop).ConfigureAwait(false);
        if (attachment.Advice is { } advice) console.Error.WriteLine($"oping: {advice}");
        await using var server = new OpingServer(attachment.Application, options, console.Output, attachment.Time);
        await server.RunAsync(stop).ConfigureAwait(false);
        return 0;
    }

    private static async Task<int> PingAsync(Attachment attachment, OpingOptions options, ToolConsole console, CancellationToken stop)
    {
        Flow flow;
        try
        {
            flow = await attachment.Application.AllocateAsync(options.Name, options.Qos, cancellationToken: stop).ConfigureAwait(false);
        }
        catch (FlowException e)
        {
            console.Output.WriteLine($"Failed to allocate flow: {e.Number}.");
            console.Error.WriteLine($"oping: {e.Message}");
            if (attachment.Advice is { } advice) console.Error.WriteLine($"oping: {advice}");
            return 1;
        }
        await using (flow)
        {
            var client = new OpingClient(options, console.Output, attachment.Time);
            return (await client.PingAsync(flow, stop).ConfigureAwait(false)).ExitCode;
        }
    }
}
