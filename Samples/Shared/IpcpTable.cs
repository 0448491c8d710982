using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Samples;

/// <summary>The table of IPCPs that the reference's <c>irm ipcp list</c> prints.</summary>
public static class IpcpTable
{
    private const string Rule = "+---------+----------------------+------------+----------------------+";

    /// <summary>Prints it, followed by an empty line.</summary>
    public static void Write(TextWriter output, IReadOnlyList<IpcpInfo> ipcps)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(ipcps);
        if (ipcps.Count == 0)
        {
            output.WriteLine("No IPCPs in system.");
            output.WriteLine();
            return;
        }
        output.WriteLine(Rule);
        output.WriteLine($"| {"pid",7} | {"name",20} | {"type",10} | {"layer",20} |");
        output.WriteLine(Rule);
        foreach (var ipcp in ipcps)
        {
            output.WriteLine($"| {ipcp.Id,7} | {ipcp.Name,20} | {TypeName(ipcp.Type),10} | {ipcp.Layer?.Name ?? "Not enrolled.",20} |");
        }
        output.WriteLine(Rule);
        output.WriteLine();
    }

    /// <summary>What the tools call a kind of IPCP.</summary>
    public static string TypeName(IpcpType type) => type switch
    {
        IpcpType.EthLlc => "eth-llc",
        IpcpType.EthDix => "eth-dix",
        _ => type.ToString().ToLowerInvariant(),
    };
}
