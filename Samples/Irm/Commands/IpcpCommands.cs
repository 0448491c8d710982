using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Samples.Irm.Commands;

/// <summary><c>irm ipcp ...</c></summary>
internal static class IpcpCommands
{
    private const string Component = "component";

    public static Task<int> RunAsync(Words words, CommandContext context, CancellationToken cancellationToken) => context.ChooseAsync(
        words, "ipcp", Usage.Ipcp,
        ("create", () => CreateAsync(words, context, cancellationToken)),
        ("destroy", () => DestroyAsync(words, context, cancellationToken)),
        ("bootstrap", () => BootstrapCommand.RunAsync(words, context, cancellationToken)),
        ("enroll", () => EnrollCommand.RunAsync(words, context, cancellationToken)),
        ("connect", () => ConnectAsync(words, context, cancellationToken)),
        ("disconnect", () => DisconnectAsync(words, context, cancellationToken)),
        ("list", () => ListAsync(words, context, cancellationToken)));

    private static async Task<int> CreateAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var options = Parse(words, "create", Usage.IpcpCreate, "type", "name");
        var name = options.Required("name", Usage.IpcpCreate);
        var type = IpcpTypeNames.Exact(options.Required("type", Usage.IpcpCreate), Usage.IpcpCreate);
        await context.Irm.CreateIpcpAsync(name, type, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> DestroyAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var options = Parse(words, "destroy", Usage.IpcpDestroy, "name");
        var name = options.Required("name", Usage.IpcpDestroy);
        var (named, all) = await context.FindIpcpsAsync(name, cancellationToken).ConfigureAwait(false);
        if (named.Count > 0)
        {
            await context.Irm.DestroyIpcpAsync(named[0].Id, cancellationToken).ConfigureAwait(false);
            return IrmTool.Success;
        }
        await context.WarnAsync($"There is no IPCP \"{name}\".").ConfigureAwait(false);
        return all.Count > 0 ? IrmTool.Success : IrmTool.Failure;
    }

    private static async Task<int> ConnectAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var options = Parse(words, "connect", Usage.IpcpConnect, "name", "dst", Component, "qos");
        var (name, destination) = (options.Required("name", Usage.IpcpConnect), options.Required("dst", Usage.IpcpConnect));
        var components = Components(options, Usage.IpcpConnect).ToList();
        var qos = QosSpec.Raw;
        // The reference's tool takes raw instead, and the connection is not what was asked for.
        if (options["qos"] is { } word && !QosSpec.TryFromName(word, out qos)) throw new UsageException($"\"{word}\" is not a QoS.", Usage.IpcpConnect);
        var ipcp = await FindAsync(context, name, cancellationToken).ConfigureAwait(false);
        foreach (var component in components)
        {
            var spec = component == ControlProtocol.DataTransfer ? qos : QosSpec.Raw;
            await context.Irm.ConnectIpcpAsync(ipcp.Id, destination, component, spec, cancellationToken).ConfigureAwait(false);
        }
        return IrmTool.Success;
    }

    private static async Task<int> DisconnectAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var options = Parse(words, "disconnect", Usage.IpcpDisconnect, "name", "dst", Component);
        var (name, destination) = (options.Required("name", Usage.IpcpDisconnect), options.Required("dst", Usage.IpcpDisconnect));
        var components = Components(options, Usage.IpcpDisconnect).Reverse().ToList();
        var ipcp = await FindAsync(context, name, cancellationToken).ConfigureAwait(false);
        FlowException? unknown = null;
        var done = 0;
        foreach (var component in components)
        {
            try
            {
                await context.Irm.DisconnectIpcpAsync(ipcp.Id, destination, component, cancellationToken).ConfigureAwait(false);
                done++;
            }
            catch (FlowException e) when (e.Error == FlowError.NameUnknown)
            {
                // Of both components, one may be connected and the other not.
                unknown = e;
            }
        }
        return done > 0 || unknown is null ? IrmTool.Success : throw unknown;
    }

    private static async Task<int> ListAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var options = Parse(words, "list", Usage.IpcpList, "name", "type", "layer");
        var type = options["type"] is { } word ? IpcpTypeNames.Exact(word, Usage.IpcpList) : (Layers.Ipcp.IpcpType?)null;
        var all = await context.Irm.ListIpcpsAsync(cancellationToken).ConfigureAwait(false);
        var shown = all
            .Where(i => options["name"] is not { } name || i.Name == name)
            .Where(i => type is null || i.Type == type)
            .Where(i => options["layer"] is not { } layer || i.Layer?.Name == layer)
            .ToList();
        if (context.Json)
        {
            return await context.JsonAsync(shown.Select(i => new
            {
                Pid = i.Id,
                i.Name,
                Type = IpcpTypeNames.Of(i.Type),
                Layer = i.Layer?.Name,
            })).ConfigureAwait(false);
        }
        if (shown.Count == 0)
        {
            await context.Output.WriteAsync(all.Count == 0 ? "No IPCPs in system.\n\n" : "No such IPCPs in system.\n\n").ConfigureAwait(false);
            return IrmTool.Success;
        }
        await IpcpTable.WriteAsync(context.Output, shown).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<IpcpInfo> FindAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        var (named, _) = await context.FindIpcpsAsync(name, cancellationToken).ConfigureAwait(false);
        return named.Count > 0 ? named[0] : throw new FlowException(FlowError.IpcpFailed, $"There is no IPCP \"{name}\".");
    }

    /// <summary>The components meant, management first.</summary>
    private static IEnumerable<string> Components(Options options, string usage) => options[Component] switch
    {
        null => [ControlProtocol.Management, ControlProtocol.DataTransfer],
        { Length: > 0 } word when Words.Means(word, "dt") => [ControlProtocol.DataTransfer],
        { Length: > 0 } word when Words.Means(word, "mgmt") => [ControlProtocol.Management],
        var word => throw new UsageException($"\"{word}\" is not a component.", usage),
    };

    private static Options Parse(Words words, string command, string usage, params string[] keywords)
    {
        if (words.Left == 0 && command != "list") throw new UsageException(null, usage);
        return Options.Parse(words, keywords, [], usage, word => UsageException.Unknown(word, $"irm ipcp {command}"));
    }
}
