using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Samples.Irm.Commands;

/// <summary>What a command works with: the daemon, where to write, and whether lists are JSON.</summary>
internal sealed record CommandContext(ControlClient Irm, TextWriter Output, TextWriter Error, bool Json)
{
    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Shows something to a program.</summary>
    public async Task<int> JsonAsync<T>(T value)
    {
        await Output.WriteLineAsync(JsonSerializer.Serialize(value, JsonOptions)).ConfigureAwait(false);
        return IrmTool.Success;
    }

    /// <summary>Shows how a command is used.</summary>
    public async Task<int> HelpAsync(string usage)
    {
        await Output.WriteAsync(usage).ConfigureAwait(false);
        return IrmTool.Success;
    }

    /// <summary>Says something that is worth knowing but not a failure.</summary>
    public Task WarnAsync(string text) => Error.WriteLineAsync(text);

    /// <summary>Picks the command of a group; the usage and failure when there is none.</summary>
    public Task<int> ChooseAsync(Words words, string group, string usage, params (string Keyword, Func<Task<int>> Run)[] table)
    {
        var word = words.Next() ?? throw new UsageException(null, usage);
        var keyword = Words.Find(word, [.. table.Select(t => t.Keyword), "help"]);
        if (keyword is null) throw UsageException.Unknown(word, $"irm {group} help");
        return keyword == "help" ? HelpAsync(usage) : table.First(t => t.Keyword == keyword).Run();
    }

    /// <summary>Makes an IPCP and finds out its number.</summary>
    public async Task<int> CreateIpcpAsync(string name, IpcpType type, CancellationToken cancellationToken)
    {
        if (await Irm.CreateIpcpAsync(name, type, cancellationToken).ConfigureAwait(false) is { } id) return id;
        // The reference's daemon does not say, and lets names repeat: of those the last one that is in no layer.
        var (named, _) = await FindIpcpsAsync(name, cancellationToken).ConfigureAwait(false);
        return named.LastOrDefault(i => i.Type == type && i.Layer is null)?.Id
               ?? throw new FlowException(FlowError.IpcpFailed, $"IPCP \"{name}\" was made and is gone already.");
    }

    /// <summary>IPCPs with exactly this name, and all.</summary>
    public async Task<(IReadOnlyList<IpcpInfo> Named, IReadOnlyList<IpcpInfo> All)> FindIpcpsAsync(string name, CancellationToken cancellationToken)
    {
        var all = await Irm.ListIpcpsAsync(cancellationToken).ConfigureAwait(false);
        return ([.. all.Where(i => i.Name == name)], all);
    }
}
