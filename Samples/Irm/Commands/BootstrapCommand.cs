using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control;

namespace Ouroboros.Samples.Irm.Commands;

/// <summary><c>irm ipcp bootstrap</c>: makes the IPCP if need be, and a layer; binds the IPCP on request, before it can be asked for.</summary>
internal static class BootstrapCommand
{
    public static async Task<int> RunAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        if (words.Left == 0) throw new UsageException(null, Usage.IpcpBootstrap);
        var options = LayerOptionsParser.Read(words);
        var name = options.Required("name", Usage.IpcpBootstrap);
        var layer = options.Required("layer", Usage.IpcpBootstrap);
        var asked = options["type"] is { } word ? IpcpTypeNames.Shortened(word, Usage.IpcpBootstrap) : (IpcpType?)null;

        var (named, _) = await context.FindIpcpsAsync(name, cancellationToken).ConfigureAwait(false);
        var type = named.Count > 0 ? named[0].Type
            : asked ?? throw new UsageException($"There is no IPCP \"{name}\"; to make one, \"type\" is needed.", Usage.IpcpBootstrap);
        if (asked is not null && named.Any(i => i.Type != asked)) throw new FlowException(FlowError.UnknownIpcpType, "Types do not match.");
        // Before the IPCP is made: a wrong value leaves nothing behind.
        var config = LayerOptionsParser.Build(type, layer, options);

        var ids = named.Select(i => i.Id).ToList();
        if (ids.Count == 0) ids.Add(await context.CreateIpcpAsync(name, type, cancellationToken).ConfigureAwait(false));
        var bind = options.Has(LayerOptionsParser.AutoBind);
        if (bind && type is not (IpcpType.Unicast or IpcpType.Broadcast))
        {
            await context.WarnAsync("Can not bind this IPCP type, autobind disabled.").ConfigureAwait(false);
            bind = false;
        }
        foreach (var id in ids) await BootstrapAsync(context.Irm, id, bind ? [name, layer] : [], config, cancellationToken).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task BootstrapAsync(ControlClient irm, int id, string[] names, LayerOptions config, CancellationToken cancellationToken)
    {
        var bound = new List<string>();
        try
        {
            foreach (var name in names)
            {
                await irm.BindProcessAsync(id, name, cancellationToken).ConfigureAwait(false);
                bound.Add(name);
            }
            await irm.BootstrapIpcpAsync(id, config, cancellationToken).ConfigureAwait(false);
        }
        catch (FlowException)
        {
            foreach (var name in bound) await UnbindAsync(irm, id, name, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task UnbindAsync(ControlClient irm, int id, string name, CancellationToken cancellationToken)
    {
        try
        {
            await irm.UnbindProcessAsync(id, name, cancellationToken).ConfigureAwait(false);
        }
        catch (FlowException)
        {
            // What failed first is what matters.
        }
    }
}
