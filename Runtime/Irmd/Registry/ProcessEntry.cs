using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>An attached application or an IPCP: who it is and which names it accepts for.</summary>
internal sealed class ProcessEntry(int id, Credentials credentials, uint domain)
{
    public int Id { get; } = id;

    public Credentials Credentials { get; } = credentials;

    /// <summary>Trust domain: 0, or the uid.</summary>
    public uint Domain { get; } = domain;

    /// <summary>The names that it accepts for. A list: every accept goes through it, and looking through a set or a tree allocates.</summary>
    public SortedList<string, NameEntry> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Flows that it has or waits for.</summary>
    public HashSet<int> Flows { get; } = [];

    /// <summary>Whether it is an IPCP.</summary>
    public bool IsIpcp { get; init; }

    public ProcessInfo ToInfo() => new(Id, Credentials.Name, Credentials.Uid, Credentials.Gid, Domain == 0, [.. Names.Keys]);
}
