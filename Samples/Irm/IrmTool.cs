using Ouroboros.Runtime.Control;
using Ouroboros.Samples.Irm.Commands;

namespace Ouroboros.Samples.Irm;

/// <summary>
/// The <c>irm</c> command: reads the command line, has the daemon do it, shows the result. Results and usage go to the output, problems to
/// the error output. Exit code 0 = done, 1 = failed, 255 = nothing was asked.
/// </summary>
internal sealed class IrmTool(TextWriter output, TextWriter error)
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Not done.</summary>
    public const int Failure = 1;

    /// <summary>Called without a word.</summary>
    public const int NothingAsked = 255;

    /// <summary>Groups of commands, in the order in which shortened words are looked up.</summary>
    public static readonly string[] Keywords = ["ipcp", "bind", "unbind", "name", "flow", "process", "inspect", "rib", "help"];

    /// <summary>Runs a command line to its exit code.</summary>
    public static Task<int> MainAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default) =>
        new IrmTool(output, error).RunAsync(args, cancellationToken);

    private async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        try
        {
            var (words, socket, json) = GlobalOptions(args);
            if (Help.IsAskedFor(args))
            {
                await output.WriteAsync(Help.For(words)).ConfigureAwait(false);
                return Success;
            }
            if (words.Left == 0)
            {
                await output.WriteAsync(Usage.Top).ConfigureAwait(false);
                return NothingAsked;
            }
            return await DispatchAsync(words, new CommandContext(new ControlClient(socket), output, error, json), cancellationToken).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            if (e.Problem is not null) await error.WriteLineAsync(e.Problem).ConfigureAwait(false);
            if (e.Usage is not null) await output.WriteAsync(e.Usage).ConfigureAwait(false);
        }
        catch (FlowException e)
        {
            if (e.Error == FlowError.IrmdUnreachable)
            {
                await error.WriteLineAsync("Failed to communicate with the Ouroboros IPC Resource Manager daemon.").ConfigureAwait(false);
            }
            await error.WriteLineAsync(e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.").ConfigureAwait(false);
        }
        return Failure;
    }

    private static (Words Words, string? Socket, bool Json) GlobalOptions(IReadOnlyList<string> args)
    {
        string? socket = null;
        var json = false;
        var words = new List<string>(args);
        while (words is ["--socket" or "--json", ..])
        {
            if (words[0] == "--json")
            {
                json = true;
                words.RemoveAt(0);
                continue;
            }
            if (words.Count == 1) throw new UsageException("\"--socket\" needs a path.", Usage.Top);
            socket = words[1];
            words.RemoveRange(0, 2);
        }
        // At the end as well, where hands put it.
        if (words is [.., "--json"] && !words.Contains("--"))
        {
            json = true;
            words.RemoveAt(words.Count - 1);
        }
        return (new Words(words), socket, json);
    }

    private static Task<int> DispatchAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var word = words.Next()!;
        return Words.Find(word, Keywords) switch
        {
            "ipcp" => IpcpCommands.RunAsync(words, context, cancellationToken),
            "bind" => BindCommands.BindAsync(words, context, cancellationToken),
            "unbind" => BindCommands.UnbindAsync(words, context, cancellationToken),
            "name" => NameCommands.RunAsync(words, context, cancellationToken),
            "flow" => ViewCommands.FlowAsync(words, context, cancellationToken),
            "process" => ViewCommands.ProcessAsync(words, context, cancellationToken),
            "inspect" => ViewCommands.InspectAsync(words, context, cancellationToken),
            "rib" => RibCommands.RunAsync(words, context, cancellationToken),
            "help" => context.HelpAsync(Usage.Top),
            _ => throw UsageException.Unknown(word, "irm help"),
        };
    }
}
