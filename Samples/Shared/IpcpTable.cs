using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Samples;

/// <summary>The table of IPCPs that the reference's <c>irm ipcp list</c> prints.</summary>
public static class IpcpTable
{
    /// <summary>Prints it, followed by an empty line.</summary>
    public static async Task WriteAsync(TextWriter output, IEnumerable<IpcpInfo> ipcps)
    {
        ArgumentNullException.ThrowIfNull(output);
        await new Table(output, ("pid", 7), ("name", 20), ("type", 10), ("layer", 20))
            .WriteAsync(ipcps.Select(i => new object[] { i.Id, i.Name, TypeName(i.Type), i.Layer?.Name ?? "Not enrolled." })).ConfigureAwait(false);
        await output.WriteLineAsync().ConfigureAwait(false);
    }

    /// <summary>What the tools call a kind of IPCP.</summary>
    public static string TypeName(IpcpType type) => type switch
    {
        IpcpType.EthLlc => "eth-llc",
        IpcpType.EthDix => "eth-dix",
        _ => type.ToString().ToLowerInvariant(),
    };
}
