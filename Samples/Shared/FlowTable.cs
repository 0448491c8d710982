using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Samples;

/// <summary>A table of flows in the style of <see cref="IpcpTable"/>; the reference has none.</summary>
public static class FlowTable
{
    private const string Rule = "+-------+----------------+----------------------+----------------------+------------------+";

    /// <summary>Prints it, followed by an empty line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="flows">The flows.</param>
    /// <param name="processes">Who the numbers of applications belong to.</param>
    /// <param name="ipcps">Who the numbers of IPCPs belong to.</param>
    public static void Write(TextWriter output, IReadOnlyList<FlowInfo> flows, IReadOnlyList<ProcessInfo> processes, IReadOnlyList<IpcpInfo> ipcps)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(flows);
        if (flows.Count == 0)
        {
            output.WriteLine("No flows in system.");
            output.WriteLine();
            return;
        }
        output.WriteLine(Rule);
        output.WriteLine($"| {"id",5} | {"state",14} | {"process",20} | {"below",20} | {"name",16} |");
        output.WriteLine(Rule);
        foreach (var flow in flows)
        {
            output.WriteLine($"| {flow.Id,5} | {flow.State,14} | {Process(flow.ProcessId, processes),20} | {Below(flow, processes, ipcps),20} | {flow.Name ?? "-",16} |");
        }
        output.WriteLine(Rule);
        output.WriteLine();
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
