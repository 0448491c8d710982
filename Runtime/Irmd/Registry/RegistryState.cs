using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>
/// All that the IRMd knows: names, programs, processes, IPCPs, flows, each by its key. Only the IRMd's actor touches it, one message at a
/// time; it belongs to the runtime, so that it survives the actor.
/// </summary>
internal sealed class RegistryState(int maxFlows)
{
    private static readonly HashSet<int> s_none = [];

    private readonly FlowIds _flowIds = new(maxFlows);
    private readonly Dictionary<(DirectoryHash, NameHash), NameEntry> _byHash = [];
    private readonly Dictionary<int, IpcpEntry> _ipcps = [];
    private int _lastProcessId;

    public SortedDictionary<string, NameEntry> Names { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ProgramEntry> Programs { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<int, ProcessEntry> Processes { get; } = [];

    public IReadOnlyDictionary<int, IpcpEntry> Ipcps => _ipcps;

    public Dictionary<int, FlowEntry> Flows { get; } = [];

    /// <summary>Commands to IPCPs that wait for an answer, by their number.</summary>
    public Dictionary<long, PendingCommand> Commands { get; } = [];

    public long LastCommand { get; set; }

    /// <summary>Number of the latest request that had to wait.</summary>
    public long LastWaiting { get; set; }

    /// <summary>Numbers of applications and IPCPs, never used twice.</summary>
    public int NextProcessId() => ++_lastProcessId;

    /// <summary>IPCPs in the order in which layers are preferred: by type, then by number.</summary>
    public IReadOnlyList<IpcpEntry> IpcpsInOrder { get; private set; } = [];

    /// <summary>
    /// The IPCP with this number and those whose flows run over it, however many layers up: what it asks for is not looked for there, or a layer
    /// would end up below itself.
    /// </summary>
    public IReadOnlySet<int> LayersAbove(int processId)
    {
        if (!Ipcps.ContainsKey(processId)) return s_none;
        var above = new HashSet<int> { processId };
        int before;
        do
        {
            before = above.Count;
            foreach (var ipcp in Ipcps.Keys)
            {
                if (!above.Contains(ipcp) && Processes.TryGetValue(ipcp, out var process) && process.Flows.Any(IsAbove)) above.Add(ipcp);
            }
        }
        while (above.Count != before);
        return above;

        bool IsAbove(int flow) => Flows.TryGetValue(flow, out var entry) && !entry.Direct && above.Contains(entry.Below);
    }

    public void AddIpcp(IpcpEntry entry)
    {
        _ipcps.Add(entry.Id, entry);
        Order();
    }

    /// <summary>Removes an IPCP; false when it was not there.</summary>
    public bool RemoveIpcp(IpcpEntry entry)
    {
        if (!_ipcps.Remove(entry.Id)) return false;
        Order();
        return true;
    }

    public void AddName(NameEntry entry)
    {
        Names.Add(entry.Name, entry);
        foreach (var algorithm in Ipcps.Values.Where(i => i.Layer is not null).Select(i => i.Layer!.Hash).Distinct())
        {
            _byHash[(algorithm, entry.HashFor(algorithm))] = entry;
        }
    }

    public void RemoveName(NameEntry entry)
    {
        Names.Remove(entry.Name);
        foreach (var key in _byHash.Where(p => p.Value == entry).Select(p => p.Key).ToList()) _byHash.Remove(key);
        foreach (var process in Processes.Values) process.Names.Remove(entry.Name);
        foreach (var (key, program) in Programs.ToList())
        {
            program.Names.Remove(entry.Name);
            if (program.Names.Count == 0) Programs.Remove(key);
        }
    }

    /// <summary>From now on names are found by their keys under this algorithm.</summary>
    public void Index(DirectoryHash algorithm)
    {
        foreach (var name in Names.Values) _byHash[(algorithm, name.HashFor(algorithm))] = name;
    }

    public NameEntry? FindName(DirectoryHash algorithm, NameHash hash) => _byHash.GetValueOrDefault((algorithm, hash));

    /// <summary>Makes a flow of a process; null when no number is free.</summary>
    public FlowEntry? AddFlow(ProcessEntry owner)
    {
        if (!_flowIds.TryTake(out var id)) return null;
        var flow = new FlowEntry(id, owner.Id) { Uid = owner.Domain };
        Flows.Add(id, flow);
        owner.Flows.Add(id);
        return flow;
    }

    public void RemoveFlow(FlowEntry flow)
    {
        NameEntry.Delist(flow);
        if (!Flows.Remove(flow.Id)) return;
        if (Processes.TryGetValue(flow.ProcessId, out var owner)) owner.Flows.Remove(flow.Id);
        if (flow.Direct && Processes.TryGetValue(flow.Below, out var peer)) peer.Flows.Remove(flow.Id);
        _flowIds.Free(flow.Id);
    }

    // Every allocation looks through them.
    private void Order() => IpcpsInOrder = [.. _ipcps.Values.OrderBy(i => i.Type).ThenBy(i => i.Id)];
}
