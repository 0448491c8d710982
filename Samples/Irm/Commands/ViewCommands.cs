using Ouroboros.Runtime.Inspection;
using Ouroboros.Runtime.Irmd;

namespace Ouroboros.Samples.Irm.Commands;

/// <summary>What the reference's tool cannot show: <c>irm flow list</c>, <c>irm process list</c>, <c>irm inspect</c>.</summary>
internal static class ViewCommands
{
    public static Task<int> FlowAsync(Words words, CommandContext context, CancellationToken cancellationToken) => context.ChooseAsync(
        words, "flow", Usage.Flow, ("list", () => ListFlowsAsync(words, context, cancellationToken)));

    public static Task<int> ProcessAsync(Words words, CommandContext context, CancellationToken cancellationToken) => context.ChooseAsync(
        words, "process", Usage.Process, ("list", () => ListProcessesAsync(words, context, cancellationToken)));

    public static async Task<int> InspectAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        var json = context.Json;
        while (words.Next() is { } word)
        {
            if (Words.Means(word, "json")) json = true;
            else if (Words.Means(word, "help")) return await context.HelpAsync(Usage.Inspect).ConfigureAwait(false);
            else throw UsageException.Unknown(word, "irm inspect help");
        }
        var root = await context.Irm.InspectAsync(cancellationToken).ConfigureAwait(false);
        if (json) return await context.JsonAsync(ToJson(root)).ConfigureAwait(false);
        await WriteAsync(context.Output, root, 0).ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> ListFlowsAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        if (words.Next() is { } word) throw UsageException.Unknown(word, "irm flow list");
        var flows = await context.Irm.ListFlowsAsync(cancellationToken).ConfigureAwait(false);
        if (context.Json)
        {
            return await context.JsonAsync(flows.Select(f => new
            {
                f.Id,
                State = State(f.State),
                Pid = f.ProcessId,
                f.Below,
                f.Direct,
                MplMilliseconds = (long)f.Mpl.TotalMilliseconds,
                f.Name,
            })).ConfigureAwait(false);
        }
        if (flows.Count == 0)
        {
            await context.Output.WriteAsync("No flows in system.\n\n").ConfigureAwait(false);
            return IrmTool.Success;
        }
        await new Table(context.Output, ("id", 5), ("state", 15), ("pid", 7), ("below", 14), ("mpl", 5), ("name", 20))
            .WriteAsync(flows.Select(f => new object[]
            {
                f.Id, State(f.State), f.ProcessId, Below(f.Below, f.Direct), (long)f.Mpl.TotalMilliseconds, f.Name ?? "",
            })).ConfigureAwait(false);
        await context.Output.WriteLineAsync().ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static async Task<int> ListProcessesAsync(Words words, CommandContext context, CancellationToken cancellationToken)
    {
        if (words.Next() is { } word) throw UsageException.Unknown(word, "irm process list");
        var processes = await context.Irm.ListProcessesAsync(cancellationToken).ConfigureAwait(false);
        if (context.Json)
        {
            return await context.JsonAsync(processes.Select(p => new { Pid = p.Id, p.Program, p.Uid, p.Gid, p.Privileged, p.Names })).ConfigureAwait(false);
        }
        if (processes.Count == 0)
        {
            await context.Output.WriteAsync("No processes in system.\n\n").ConfigureAwait(false);
            return IrmTool.Success;
        }
        await new Table(context.Output, ("pid", 7), ("program", 20), ("uid", 7), ("gid", 7), ("privileged", 10), ("names", 30))
            .WriteAsync(processes.Select(p => new object[] { p.Id, p.Program, p.Uid, p.Gid, p.Privileged ? "yes" : "no", string.Join(' ', p.Names) }))
            .ConfigureAwait(false);
        await context.Output.WriteLineAsync().ConfigureAwait(false);
        return IrmTool.Success;
    }

    private static string State(FlowState state) => state switch
    {
        FlowState.Init => "init",
        FlowState.AllocPending => "alloc pending",
        FlowState.AcceptPending => "accept pending",
        FlowState.Allocated => "allocated",
        FlowState.DeallocPending => "dealloc pending",
        FlowState.Deallocated => "deallocated",
        _ => ((int)state).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Below(int below, bool direct) => below == 0 ? "" : direct ? $"direct {below}" : $"ipcp {below}";

    private static async Task WriteAsync(TextWriter output, ActorNode node, int depth)
    {
        var line = $"{new string(' ', 2 * depth)}{(depth == 0 ? node.Path : node.Name)}  {node.Type}  {node.State}  mailbox {node.MailboxDepth}  restarts {node.Restarts}";
        await output.WriteLineAsync(node.LastFailure is null ? line : $"{line}  last failure: {node.LastFailure.ReplaceLineEndings(" ")}").ConfigureAwait(false);
        foreach (var child in node.Children) await WriteAsync(output, child, depth + 1).ConfigureAwait(false);
    }

    private static Node ToJson(ActorNode node) => new(
        node.Path, node.Type, node.State, node.MailboxDepth, node.Restarts, node.LastFailure, [.. node.Children.Select(ToJson)]);

    private sealed record Node(string Path, string Type, string State, int MailboxDepth, int Restarts, string? LastFailure, IReadOnlyList<Node> Children);
}
