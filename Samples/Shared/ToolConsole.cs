using System.Text;

namespace Ouroboros.Samples;

/// <summary>Where a tool prints. UTF-8 whatever the locale says, as the reference does; buffered unless it is a terminal.</summary>
public sealed record ToolConsole(TextWriter Output, TextWriter Error)
{
    /// <summary>Standard output and error of this process.</summary>
    public static ToolConsole Standard()
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 4096) { AutoFlush = !Console.IsOutputRedirected };
        return new ToolConsole(TextWriter.Synchronized(output), Console.Error);
    }

    /// <summary>Runs a tool until it ends or a signal stops it.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(Func<ToolConsole, CancellationToken, Task<int>> tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        var console = Standard();
        using var signals = new StopSignals();
        try
        {
            return await tool(console, signals.Token).ConfigureAwait(false);
        }
        finally
        {
            await console.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
