using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Samples.Oping;

namespace Ouroboros.Samples.Demo;

/// <summary>
/// The main job: a node comes up from its configuration, two clients ping one server by name - one of the server's own user, one of
/// another user, who is reached through the layer - and the node shows its layers, flows and actors while the flows are alive.
/// </summary>
public sealed class DemoProgram
{
    // Users that exist nowhere: trust domains need numbers, not accounts.
    private const uint Alice = 50_001;
    private const uint Bob = 50_002;

    private readonly OuroborosRuntime _node;
    private readonly TextWriter _output;

    private DemoProgram(OuroborosRuntime node, TextWriter output)
    {
        _node = node;
        _output = output;
    }

    /// <summary>Where the build puts <c>hocon/demo.conf</c>.</summary>
    public static string DefaultConfiguration => Path.Combine(AppContext.BaseDirectory, "hocon", "demo.conf");

    /// <summary>Runs the demo.</summary>
    /// <param name="config">What the node is made of; it must know the name <c>oping</c>.</param>
    /// <param name="options">How to ping; the name is that of the server as well.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>0 if every packet came back, else 1.</returns>
    /// <exception cref="FlowException">The node could not be started, or a flow not be allocated.</exception>
    public static async Task<int> RunAsync(RuntimeConfig config, OpingOptions options, TextWriter output, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        await using var node = await OuroborosRuntime.StartAsync(config, cancellationToken: stop).ConfigureAwait(false);
        return await new DemoProgram(node, output).RunAsync(options, stop).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(OpingOptions options, CancellationToken stop)
    {
        Title($"Node {_node.Config.Name}: a server of user {Alice}, clients of users {Alice} and {Bob}");
        await using var application = await _node.AttachAsync(new Credentials(Alice, Alice, "server"), stop).ConfigureAwait(false);
        await _node.Irm.BindProcessAsync(application.Id, options.Name, stop).ConfigureAwait(false);
        await using var server = new OpingServer(application, options with { Listen = true, Quiet = true }, TextWriter.Null, _node.Time);
        var serving = server.RunAsync(stop);

        await using var alice = await _node.AttachAsync(new Credentials(Alice, Alice, "alice"), stop).ConfigureAwait(false);
        await using var bob = await _node.AttachAsync(new Credentials(Bob, Bob, "bob"), stop).ConfigureAwait(false);
        var results = new[]
        {
            await PingAsync(alice, options, stop).ConfigureAwait(false),
            await PingAsync(bob, options, stop).ConfigureAwait(false),
        };
        await ShowAsync(stop).ConfigureAwait(false);

        await server.DisposeAsync().ConfigureAwait(false);
        await serving.ConfigureAwait(false);
        var sent = results.Sum(r => r.Statistics.Sent);
        var received = results.Sum(r => r.Statistics.Received);
        var complete = results.All(r => r.AllBack) && sent == 2L * options.Count;
        await _output.WriteLineAsync($"{received} of {2L * options.Count} packets came back.").ConfigureAwait(false);
        return complete ? 0 : 1;
    }

    /// <summary>Pings; the flow stays, it ends with its application.</summary>
    private async Task<PingResult> PingAsync(Application client, OpingOptions options, CancellationToken stop)
    {
        var flow = await client.AllocateAsync(options.Name, options.Qos, cancellationToken: stop).ConfigureAwait(false);
        var info = (await _node.Irm.ListFlowsAsync(stop).ConfigureAwait(false)).First(f => f.Id == flow.Id);
        var ipcps = await _node.Irm.ListIpcpsAsync(stop).ConfigureAwait(false);
        var below = info.Direct ? "direct, no layer in between" : $"through {FlowTable.Below(info, [], ipcps)}";
        Title($"{client.Credentials.Name} pings {options.Name} over flow {flow.Id}: {below}");
        var result = await new OpingClient(options, _output, _node.Time).PingAsync(flow, stop).ConfigureAwait(false);
        await _output.WriteLineAsync().ConfigureAwait(false);
        return result;
    }

    private async Task ShowAsync(CancellationToken stop)
    {
        var ipcps = await _node.Irm.ListIpcpsAsync(stop).ConfigureAwait(false);
        Title("Layers");
        await IpcpTable.WriteAsync(_output, ipcps).ConfigureAwait(false);
        Title("Flows");
        var flows = await _node.Irm.ListFlowsAsync(stop).ConfigureAwait(false);
        await FlowTable.WriteAsync(_output, flows, await _node.Irm.ListProcessesAsync(stop).ConfigureAwait(false), ipcps).ConfigureAwait(false);
        Title("Actors");
        ActorTable.Write(_output, _node.Inspect());
    }

    private void Title(string text)
    {
        _output.WriteLine($"== {text}");
        _output.WriteLine();
    }
}
