using System.Text.RegularExpressions;
using Ouroboros.Crypto.Oap;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Samples.Irm.Commands;

/// <summary><c>irm name ...</c></summary>
internal static class NameCommands
{
    private const int MaxPlaces = 128;

    private static readonly string[] PathKeywords = ["sencpath", "scrtpath", "skeypath", "cencpath", "ccrtpath", "ckeypath"];

    /// <summary>Beyond the reference.</summary>
    private static readonly string[] MoreKeywords = ["skempath", "ckempath", "srequire", "crequire"];

    public static Task<int> RunAsync(Words words, CommandContext context, CancellationToken cancellationToken) => context.ChooseAsync(
        words, "name", Usage.Name,
        ("create", () => CreateAsync(words, context, cancellationToken)),
        ("secure", () => SecureAsync(words, context, cancellationToken)),
        ("destroy", () => DestroyAsync(words, context, cancellationToken)),
        ("register", () => RegisterAsync(words, context, cancellationToken)),
        ("unregister", () => UnregisterAsync(words, context, cancellationToken)),
        ("list", () => ListAsync(words, context, cancellationToken)));

    private static async Task<int> CreateAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var name = words.Next() ?? throw new UsageException(null, Usage.NameCreate);
        var options = Options.Parse(words, ["lb", .. PathKeywords, .. MoreKeywords], [], Usage.NameCreate, word => UsageException.Unknown(word, "irm name create"));
        var policy = options["lb"] switch
        {
            null => LoadBalancing.RoundRobin,
            { Length: > 0 } word when Words.Means(word, "round-robin") => LoadBalancing.RoundRobin,
            { Length: > 0 } word when Words.Means(word, "spillover") => LoadBalancing.Spill,
            var word => throw new UsageException($"\"{word}\" is not a load-balance policy.", Usage.NameCreate),
        };
        var info = Secured(new NameInfo(name, policy), options);
        await context.Irm.CreateNameAsync(info, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> SecureAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var name = words.Next() ?? throw new UsageException(null, Usage.NameSecure);
        var options = Options.Parse(words, [.. PathKeywords, .. MoreKeywords], [], Usage.NameSecure, word => UsageException.Unknown(word, "irm name secure"));
        await context.Irm.SecureNameAsync(Secured(new NameInfo(name), options), cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static NameInfo Secured(NameInfo name, Options options)
    {
        var security = new SecurityPaths(
            FilePath(options, "sencpath"), FilePath(options, "scrtpath"), FilePath(options, "skeypath"),
            FilePath(options, "cencpath"), FilePath(options, "ccrtpath"), FilePath(options, "ckeypath"))
        {
            ServerKemKey = FilePath(options, "skempath"),
            ClientKemKey = FilePath(options, "ckempath"),
        };
        return name with
        {
            Security = security == new SecurityPaths() ? null : security,
            Server = Required(options, "srequire"),
            Client = Required(options, "crequire"),
        };
    }

    private static SidePolicy? Required(Options options, string keyword) => options[keyword] switch
    {
        null or "none" => null,
        "auth" => new SidePolicy { RequireAuthentication = true },
        "enc" => new SidePolicy { RequireEncryption = true },
        "both" => new SidePolicy { RequireAuthentication = true, RequireEncryption = true },
        var word => throw new UsageException($"\"{word}\" cannot be required; use auth, enc, both or none.", Usage.NameSecure),
    };

    private static async Task<int> DestroyAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var name = words.Next();
        if (name is null || words.Left > 0) throw new UsageException(null, Usage.NameDestroy);
        await context.Irm.DestroyNameAsync(name, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> RegisterAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var (name, places) = Places(words, "register", Usage.NameRegister);
        var ipcps = await PlacesAsync(context, places, cancellationToken).ConfigureAwait(false);
        if (ipcps is null) return IrmTool.Failure;
        var names = await context.Irm.ListNamesAsync(cancellationToken).ConfigureAwait(false);
        if (names.All(n => n.Name != name)) await context.Irm.CreateNameAsync(new NameInfo(name), cancellationToken).ConfigureAwait(false);
        foreach (var ipcp in ipcps) await context.Irm.RegisterNameAsync(name, ipcp.Id, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> UnregisterAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var (name, places) = Places(words, "unregister", Usage.NameUnregister);
        var ipcps = await PlacesAsync(context, places, cancellationToken).ConfigureAwait(false);
        if (ipcps is null) return IrmTool.Failure;
        foreach (var ipcp in ipcps) await context.Irm.UnregisterNameAsync(name, ipcp.Id, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> ListAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var options = Options.Parse(words, ["list"], [], Usage.Name, word => UsageException.Unknown(word, "irm name list"));
        var names = await context.Irm.ListNamesAsync(cancellationToken).ConfigureAwait(false);
        var shown = names.Where(n => options["list"] is not { } start || n.Name.StartsWith(start, StringComparison.Ordinal)).ToList();
        if (context.Json)
        {
            return await context.JsonAsync(shown.Select(n => new
            {
                n.Name,
                LoadBalancing = n.LoadBalancing == LoadBalancing.RoundRobin ? "round-robin" : "spillover",
            })).ConfigureAwait(false);
        }
        if (shown.Count == 0)
        {
            await context.Output.WriteAsync(names.Count == 0 ? "No names in system.\n\n" : "No such names in system.\n\n").ConfigureAwait(false);
            return IrmTool.Success;
        }
        await new Table(context.Output, ("name", 50), ("load-balance policy", 20))
            .WriteAsync(shown.Select(n => new object[] { n.Name, n.LoadBalancing == LoadBalancing.RoundRobin ? "round-robin" : "spillover" }))
            .ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static (string Name, Options Places) Places(Words words, string command, string usage)
    {
        var name = words.Next() ?? throw new UsageException(null, usage);
        var places = Options.Parse(words, ["layer", "ipcp"], [], usage, word => UsageException.Unknown(word, $"irm name {command}"));
        if (places.Given.Count == 0) throw new UsageException("\"layer\" or \"ipcp\" is missing.", usage);
        if (places.Given.GroupBy(g => g.Keyword).Any(g => g.Count() > MaxPlaces)) throw new UsageException($"At most {MaxPlaces} layers and {MaxPlaces} IPCPs at a time.", usage);
        return (name, places);
    }

    /// <summary>The IPCPs meant, each once; null, after a word to the user, when there are none.</summary>
    private static async Task<IReadOnlyList<IpcpInfo>?> PlacesAsync(CommandContext context, Options places, CancellationToken cancellationToken)
    {
        var all = await context.Irm.ListIpcpsAsync(cancellationToken).ConfigureAwait(false);
        if (all.Count == 0)
        {
            await context.WarnAsync("Failed to list IPCPs.").ConfigureAwait(false);
            return null;
        }
        var meant = all.Where(i => places.Given.Any(p => Matches(p.Value, p.Keyword == "layer" ? i.Layer?.Name : i.Name))).ToList();
        if (meant.Count > 0) return meant;
        // The reference's tool calls this success, and the name is not where its user believes it to be.
        await context.WarnAsync($"No IPCP fits {string.Join(", ", places.Given.Select(p => $"{p.Keyword} \"{p.Value}\""))}; irm ipcp list shows all.").ConfigureAwait(false);
        return null;
    }

    private static bool Matches(string pattern, string? name)
    {
        if (name is null) return false;
        var expression = string.Concat("^", Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal), "$");
        return Regex.IsMatch(name, expression, RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    private static string? FilePath(Options options, string keyword) =>
        options[keyword] is not { } path ? null
        : path.StartsWith("pkcs11:", StringComparison.Ordinal) ? path
        : RealPath.Of(path) ?? throw new FlowException(FlowError.InvalidArgument, $"{path} ({keyword}) does not exist.");
}
