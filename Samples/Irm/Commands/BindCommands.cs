using System.Globalization;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Samples.Irm.Commands;

/// <summary><c>irm bind ...</c> and <c>irm unbind ...</c></summary>
internal static class BindCommands
{
    public static Task<int> BindAsync(Words words, CommandContext context, CancellationToken cancellationToken) => context.ChooseAsync(
        words, "bind", Usage.Bind,
        ("program", () => BindProgramAsync(words, context, cancellationToken)),
        ("process", () => BindProcessAsync(words, context, cancellationToken)),
        ("ipcp", () => BindIpcpAsync(words, context, cancellationToken)));

    public static Task<int> UnbindAsync(Words words, CommandContext context, CancellationToken cancellationToken) => context.ChooseAsync(
        words, "unbind", Usage.Unbind,
        ("program", () => UnbindProgramAsync(words, context, cancellationToken)),
        ("process", () => UnbindProcessAsync(words, context, cancellationToken)),
        ("ipcp", () => UnbindIpcpAsync(words, context, cancellationToken)));

    private static async Task<int> BindProgramAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var program = words.Next() ?? throw new UsageException(null, Usage.BindProgram);
        string? name = null;
        var auto = false;
        IReadOnlyList<string> arguments = [];
        while (words.Next() is { } word)
        {
            // These two in full, or a name could not be called "a".
            if (word == "auto") auto = true;
            else if (word == "--") arguments = words.Rest();
            else if (Words.Means(word, "name")) name = Value(words, word, Usage.BindProgram);
            else if (Words.Means(word, "program")) program = Value(words, word, Usage.BindProgram);
            else throw UsageException.Unknown(word, "irm bind program");
        }
        if (name is null) throw new UsageException("\"name\" is missing.", Usage.BindProgram);
        var path = ProgramPath.Find(program, Environment.GetEnvironmentVariable("PATH"));
        await context.Irm.BindProgramAsync(new ProgramCommand(path, arguments), name, auto, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> BindProcessAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var (process, name) = ObjectAndName(words, "process", "bind", Usage.BindProcess);
        if (name is null) throw new UsageException("\"name\" is missing.", Usage.BindProcess);
        await context.Irm.BindProcessAsync(Number(process), name, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> BindIpcpAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var (ipcp, name) = ObjectAndName(words, "ipcp", "bind", Usage.BindIpcp);
        if (name is null) throw new UsageException("\"name\" is missing.", Usage.BindIpcp);
        if (await FindIpcpAsync(context, ipcp, cancellationToken).ConfigureAwait(false) is not { } id) return IrmTool.Failure;
        await context.Irm.BindProcessAsync(id, name, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> UnbindProgramAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var (program, name) = ObjectAndName(words, "program", "unbind", Usage.UnbindProgram);
        // Daemons know programs by the last component; the reference's knows them by nothing else.
        await context.Irm.UnbindProgramAsync(Path.GetFileName(program), name, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> UnbindProcessAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var (process, name) = ObjectAndName(words, "process", "unbind", Usage.UnbindProcess);
        await context.Irm.UnbindProcessAsync(Number(process), name, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> UnbindIpcpAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var (ipcp, name) = ObjectAndName(words, "ipcp", "unbind", Usage.UnbindIpcp);
        if (await FindIpcpAsync(context, ipcp, cancellationToken).ConfigureAwait(false) is { } id)
        {
            await context.Irm.UnbindProcessAsync(id, name, cancellationToken).ConfigureAwait(false);
        }
        return IrmTool.Success;
    }

    private static (string Thing, string? Name) ObjectAndName(Words words, string keyword, string command, string usage)
    {
        var thing = words.Next() ?? throw new UsageException(null, usage);
        string? name = null;
        while (words.Next() is { } word)
        {
            if (Words.Means(word, "name")) name = Value(words, word, usage);
            else if (Words.Means(word, keyword)) thing = Value(words, word, usage);
            else throw UsageException.Unknown(word, $"irm {command} {keyword}");
        }
        return (thing, name);
    }

    private static async Task<int?> FindIpcpAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        var (named, _) = await context.FindIpcpsAsync(name, cancellationToken).ConfigureAwait(false);
        if (named.Count > 0) return named[0].Id;
        await context.WarnAsync($"There is no IPCP \"{name}\"; irm ipcp list shows all.").ConfigureAwait(false);
        return null;
    }

    private static string Value(Words words, string keyword, string usage) => words.Next() ?? throw new UsageException($"\"{keyword}\" needs a value.", usage);

    private static int Number(string process) =>
        int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new UsageException($"\"{process}\" is not a valid process id.", null);
}
