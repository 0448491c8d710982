using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Samples;

/// <summary>A table of flows that says who uses them and what carries them; the reference has none.</summary>
public static class FlowTable
{
    /// <summary>Prints it, followed by an empty line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="flows">The flows.</param>
    /// <param name="processes">Who the numbers of applications belong to.</param>
    /// <param name="ipcps">Who the numbers of IPCPs belong to.</param>
    public static async Task WriteAsync(
        TextWriter output, IEnumerable<FlowInfo> flows, IReadOnlyList<ProcessInfo> processes, IReadOnlyList<IpcpInfo> ipcps)
    {
        ArgumentNullException.ThrowIfNull(output);
        await new Table(output, ("id", 5), ("state", 14), ("process", 20), ("below", 20), ("name", 16))
            .WriteAsync(flows.Select(f => new object[] { f.Id, f.State, Process(f.ProcessId, processes), Below(f, processes, ipcps), f.Name ?? "-" }))
            .ConfigureAwait(false);
        await output.WriteLineAsync().ConfigureAwait(false);
    }

    /// <summary>What carries a flow: an IPCP, or nothing but the other application.</summary>
    public static string Below(FlowInfo flow, IReadOnlyList<ProcessInfo> processes, IReadOnlyList<IpcpInfo> ipcps)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Direct) return $"direct: {Process(flow.Below, processes)}";
        return ipcps.FirstOrDefault(i => i.Id == flow.Below) is { } ipcp ? $"{IpcpTable.TypeName(ipcp.Type)} {ipcp.Name}" : "-";
    }

    private static string Process(int id, IReadOnlyList<ProcessInfo> processes) =>
        processes.FirstOrDefault(p => p.Id == id) is { } process ? $"{id} {process.Program}" : $"{id}";
}
