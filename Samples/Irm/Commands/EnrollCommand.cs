using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Samples.Irm.Commands;

/// <summary><c>irm ipcp enroll</c>: makes the IPCP if need be, joins a layer, and binds the IPCP on request.</summary>
internal static class EnrollCommand
{
    private const string AutoBind = "autobind";

    public static async Task<int> RunAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        if (words.Left == 0) throw new UsageException(null, Usage.IpcpEnroll);
        var options = Options.Parse(
            words, ["name", "layer", "dst", "type"], [AutoBind], Usage.IpcpEnroll, word => UsageException.Unknown(word, "irm ipcp enroll"));
        var name = options.Required("name", Usage.IpcpEnroll);
        var layer = options["layer"];
        var destination = options["dst"] ?? layer ?? throw new UsageException("\"dst\" or \"layer\" is missing.", Usage.IpcpEnroll);
        var type = IpcpTypeNames.Exact(options["type"] ?? "unicast", Usage.IpcpEnroll);
        if (type is not (IpcpType.Unicast or IpcpType.Broadcast)) throw new UsageException($"IPCPs of type {IpcpTypeNames.Of(type)} do not enroll.", Usage.IpcpEnroll);

        var (named, _) = await context.FindIpcpsAsync(name, cancellationToken).ConfigureAwait(false);
        var ids = named.Where(i => i.Type == type).Select(i => i.Id).ToList();
        if (ids.Count == 0) ids.Add(await context.CreateIpcpAsync(name, type, cancellationToken).ConfigureAwait(false));
        foreach (var id in ids)
        {
            await context.Irm.EnrollIpcpAsync(id, destination, cancellationToken).ConfigureAwait(false);
            var joined = await LayerOfAsync(context, id, cancellationToken).ConfigureAwait(false);
            if (layer is not null && joined != layer)
            {
                throw new FlowException(FlowError.IpcpFailed, $"\"{name}\" is now in layer \"{joined ?? "none"}\", not in \"{layer}\".");
            }
            if (!options.Has(AutoBind)) continue;
            if (joined is null) throw new FlowException(FlowError.IpcpFailed, $"\"{name}\" is in no layer after all.");
            await context.Irm.BindProcessAsync(id, name, cancellationToken).ConfigureAwait(false);
            await context.Irm.BindProcessAsync(id, joined, cancellationToken).ConfigureAwait(false);
        }
        return IrmTool.Success;
    }

    private static async Task<string?> LayerOfAsync(CommandContext context, int id, CancellationToken cancellationToken)
    {
        var ipcps = await context.Irm.ListIpcpsAsync(cancellationToken).ConfigureAwait(false);
        return ipcps.FirstOrDefault(i => i.Id == id)?.Layer?.Name;
    }
}
