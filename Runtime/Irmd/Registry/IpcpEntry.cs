using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>An IPCP and its record: how it came into its layer, what is registered and connected there. It is put back from this.</summary>
internal sealed class IpcpEntry(int id, string name, IpcpType type)
{
    public int Id { get; } = id;

    public string Name { get; } = name;

    public IpcpType Type { get; } = type;

    public IActorRef Actor { get; set; } = ActorRefs.Nobody;

    public IpcpState State { get; set; } = IpcpState.Init;

    public LayerInfo? Layer { get; set; }

    /// <summary>What it was bootstrapped with, or got when it enrolled, as far as it said; null before.</summary>
    public IpcpConfig? Config { get; set; }

    /// <summary>What it enrolled with; null when it did not.</summary>
    public string? EnrolledWith { get; set; }

    /// <summary>Options of its own that it enrolled with; null = the defaults.</summary>
    public IpcpConfig? OwnOptions { get; set; }

    public SortedSet<string> Registered { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of <see cref="Registered"/> that its layer has not taken again since it failed.</summary>
    public SortedSet<string> NotBack { get; } = new(StringComparer.Ordinal);

    public List<(string Destination, string Component, QosSpec Qos)> Connections { get; } = [];

    /// <summary>What the IPCP itself wants to know again after a failure.</summary>
    public IpcpMemory Memory { get; } = new();

    public int Restarts { get; set; }

    public string? LastFailure { get; set; }

    /// <summary>Clock timestamps of its latest failures.</summary>
    public Queue<long> Failures { get; } = new();

    /// <summary>It ran before: when it has started it is to be put back into its layer.</summary>
    public bool Recovering { get; set; }

    /// <summary>How often it, or a name of it, could not be put back into its layer, in a row.</summary>
    public int FailedRecoveries { get; set; }

    /// <summary>It failed too often and stays stopped.</summary>
    public bool GivenUp { get; set; }

    public IpcpInfo ToInfo() => new(Id, Name, Type, State, Layer, Restarts, LastFailure);
}
