namespace Ouroboros.Samples.Irm.Commands;

/// <summary><c>irm rib list</c> and <c>irm rib show</c>: the RIB, which the reference shows as a file system.</summary>
internal static class RibCommands
{
    public static Task<int> RunAsync(Words words, CommandContext context, CancellationToken cancellationToken) => context.ChooseAsync(
        words, "rib", Usage.Rib, ("list", () => ListAsync(words, context, cancellationToken)), ("show", () => ShowAsync(words, context, cancellationToken)));

    private static async Task<int> ListAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var path = words.Next() ?? "";
        if (words.Next() is { } word) throw UsageException.Unknown(word, "irm rib help");
        var entries = await context.Irm.ListRibAsync(path, cancellationToken).ConfigureAwait(false);
        if (context.Json) return await context.JsonAsync(entries).ConfigureAwait(false);
        foreach (var entry in entries)
        {
            await context.Output.WriteLineAsync(entry.IsDirectory ? entry.Path + "/" : entry.Path).ConfigureAwait(false);
        }
        return IrmTool.Success;
    }

    private static async Task<int> ShowAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var path = words.Next() ?? throw new UsageException(null, Usage.Rib);
        if (words.Next() is { } word) throw UsageException.Unknown(word, "irm rib help");
        var files = (await context.Irm.ListRibAsync(path, cancellationToken).ConfigureAwait(false)).Where(e => !e.IsDirectory).ToList();
        var texts = new Dictionary<string, string>();
        var single = files is [var only] && only.Path == path.Trim('/');
        foreach (var file in files)
        {
            string text;
            try
            {
                text = (await context.Irm.ReadRibAsync(file.Path, cancellationToken).ConfigureAwait(false)).Text;
            }
            catch (FlowException e) when (!single && e.Error == FlowError.NameUnknown)
            {
                continue; // gone since it was listed, as flows go
            }
            if (context.Json)
            {
                texts[file.Path] = text;
                continue;
            }
            if (!single) await context.Output.WriteLineAsync($"==> {file.Path} <==").ConfigureAwait(false);
            await context.Output.WriteAsync(text).ConfigureAwait(false);
            if (!single) await context.Output.WriteLineAsync().ConfigureAwait(false);
        }
        return context.Json ? await context.JsonAsync(texts).ConfigureAwait(false) : IrmTool.Success;
    }
}
