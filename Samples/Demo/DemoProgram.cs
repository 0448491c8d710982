using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Samples.Oping;

namespace Ouroboros.Samples.Demo;

/// <summary>
/// The main job: nodes come up from their configuration and become members of one layer; a client at the last one pings a server at the first by a name that
/// the layer's directory finds, and one at the server's own node does so without any layer; then each node shows its layers, flows and actors
/// while the flows are alive.
/// </summary>
public sealed class DemoProgram
{
    // Routing has to hear of the new link, and the directory of the name; both take a fraction of a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<OuroborosRuntime> _nodes;
    private readonly TextWriter _output;

    private DemoProgram(IReadOnlyList<OuroborosRuntime> nodes, TextWriter output)
    {
        _nodes = nodes;
        _output = output;
    }

    /// <summary>Runs the demo.</summary>
    /// <param name="configs">What the nodes are made of, in this order; the first one serves.</param>
    /// <param name="options">How to ping; the name is that of the server as well, and all nodes must know it.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>0 if every packet came back, else 1.</returns>
    /// <exception cref="FlowException">A node could not be started, or a flow not be allocated.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<RuntimeConfig> configs, OpingOptions options, TextWriter output, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(configs);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        var nodes = new List<OuroborosRuntime>();
        try
        {
            foreach (var config in configs) nodes.Add(await OuroborosRuntime.StartAsync(config, cancellationToken: stop).ConfigureAwait(false));
            return await new DemoProgram(nodes, output).RunAsync(options, stop).ConfigureAwait(false);
        }
        finally
        {
            foreach (var node in nodes.AsEnumerable().Reverse()) await node.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<int> RunAsync(OpingOptions options, CancellationToken stop)
    {
        var (first, last) = (_nodes[0], _nodes[^1]);
        Title($"Nodes {string.Join(", ", _nodes.Select(n => n.Config.Name))}: a server of '{options.Name}' at node {first.Config.Name}");
        await using var application = await first.AttachAsync("server", stop).ConfigureAwait(false);
        await first.Irm.BindProcessAsync(application.Id, options.Name, stop).ConfigureAwait(false);
        await using var server = new OpingServer(application, options with { Listen = true, Quiet = true }, TextWriter.Null, first.Time);
        var serving = server.RunAsync(stop);

        await using var far = await last.AttachAsync("far", stop).ConfigureAwait(false);
        await using var near = await first.AttachAsync("near", stop).ConfigureAwait(false);
        var results = new[]
        {
            await PingAsync(last, far, options, stop).ConfigureAwait(false),
            await PingAsync(first, near, options, stop).ConfigureAwait(false),
        };
        foreach (var node in _nodes) await ShowAsync(node, stop).ConfigureAwait(false);

        await server.DisposeAsync().ConfigureAwait(false);
        await serving.ConfigureAwait(false);
        var sent = results.Sum(r => r.Statistics.Sent);
        var received = results.Sum(r => r.Statistics.Received);
        var complete = results.All(r => r.AllBack) && sent == 2L * options.Count;
        await _output.WriteLineAsync($"{received} of {2L * options.Count} packets came back.").ConfigureAwait(false);
        return complete ? 0 : 1;
    }

    /// <summary>Pings; the flow stays, it ends with its application.</summary>
    private async Task<PingResult> PingAsync(OuroborosRuntime node, Application client, OpingOptions options, CancellationToken stop)
    {
        var flow = await AllocateAsync(node, client, options, stop).ConfigureAwait(false);
        var info = (await node.Irm.ListFlowsAsync(stop).ConfigureAwait(false)).First(f => f.Id == flow.Id);
        var ipcps = await node.Irm.ListIpcpsAsync(stop).ConfigureAwait(false);
        var below = info.Direct ? "direct, no layer in between" : $"through {FlowTable.Below(info, [], ipcps)}";
        Title($"{client.Credentials.Name}, at node {node.Config.Name}, pings {options.Name} over flow {flow.Id}: {below}");
        var result = await new OpingClient(options, _output, node.Time).PingAsync(flow, stop).ConfigureAwait(false);
        await _output.WriteLineAsync().ConfigureAwait(false);
        return result;
    }

    private static async Task<Flow> AllocateAsync(OuroborosRuntime node, Application client, OpingOptions options, CancellationToken stop)
    {
        var start = node.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await client.AllocateAsync(options.Name, options.Qos, cancellationToken: stop).ConfigureAwait(false);
            }
            catch (FlowException e) when (e.Error is FlowError.IpcpFailed or FlowError.TimedOut && node.Time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(BetweenTries, node.Time, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task ShowAsync(OuroborosRuntime node, CancellationToken stop)
    {
        var ipcps = await node.Irm.ListIpcpsAsync(stop).ConfigureAwait(false);
        Title($"Layers of node {node.Config.Name}");
        await IpcpTable.WriteAsync(_output, ipcps).ConfigureAwait(false);
        Title($"Flows of node {node.Config.Name}");
        var flows = await node.Irm.ListFlowsAsync(stop).ConfigureAwait(false);
        await FlowTable.WriteAsync(_output, flows, await node.Irm.ListProcessesAsync(stop).ConfigureAwait(false), ipcps).ConfigureAwait(false);
        Title($"Actors of node {node.Config.Name}");
        ActorTable.Write(_output, node.Inspect());
    }

    private void Title(string text)
    {
        _output.WriteLine($"== {text}");
        _output.WriteLine();
    }
}
