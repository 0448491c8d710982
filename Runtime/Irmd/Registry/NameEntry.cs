using Ouroboros.Crypto.Hashing;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>A name: who may accept for it, who waits to accept, and which requests wait for an acceptor.</summary>
internal sealed class NameEntry(NameInfo info)
{
    private readonly Dictionary<DirectoryHash, NameHash> _hashes = [];

    public string Name => Info.Name;

    /// <summary>As it was made; a path that is null is the default one, which need not exist.</summary>
    public NameInfo Info { get; set; } = info;

    /// <summary>Programs started on demand; the first one is.</summary>
    public List<ProgramCommand> AutoStart { get; } = [];

    /// <summary>Processes that may accept.</summary>
    public HashSet<int> Processes { get; } = [];

    /// <summary>Pending accepts in the order in which they get flows.</summary>
    public LinkedList<FlowEntry> Acceptors { get; } = [];

    /// <summary>Requests without an acceptor, oldest first.</summary>
    public LinkedList<WaitingRequest> Waiting { get; } = [];

    /// <summary>IPCPs whose layers it is registered in.</summary>
    public HashSet<int> RegisteredIn { get; } = [];

    /// <summary>An autostart is under way until then (clock timestamp); 0 = none.</summary>
    public long StartingUntil { get; set; }

    /// <summary>As lists show it: with the default paths of its security files.</summary>
    public NameInfo ToInfo(string securityDir) => Info with { Security = (Info.Security ?? new SecurityPaths()).WithDefaults(securityDir, Name).WithoutPins() };

    public NameHash HashFor(DirectoryHash algorithm)
    {
        if (!_hashes.TryGetValue(algorithm, out var hash)) _hashes[algorithm] = hash = NameHash.Of(algorithm, Name);
        return hash;
    }

    /// <summary>Puts a pending accept in line as the policy says: last for round-robin, first for spill.</summary>
    public void Enlist(FlowEntry flow)
    {
        var node = Info.LoadBalancing == LoadBalancing.RoundRobin ? Acceptors.AddLast(flow) : Acceptors.AddFirst(flow);
        (flow.InLine ??= []).Add((this, node));
    }

    /// <summary>Takes a pending accept out of every line that it stands in.</summary>
    public static void Delist(FlowEntry flow)
    {
        if (flow.InLine is null) return;
        foreach (var (name, node) in flow.InLine) name.Acceptors.Remove(node);
        flow.InLine = null;
    }
}
