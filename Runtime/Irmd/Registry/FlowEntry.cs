using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>
/// A flow as the registry keeps it. The flow's actor writes what lists show (state, what is below); the IRMd writes the rest. Readers of
/// lists may see a value a moment old.
/// </summary>
internal sealed class FlowEntry(int id, int processId)
{
    private volatile int _state;
    private volatile bool _taken;

    public int Id { get; } = id;

    public int ProcessId { get; } = processId;

    public FlowState State
    {
        get => (FlowState)_state;
        set => _state = (int)value;
    }

    /// <summary>The IPCP below, or the other application of a direct flow.</summary>
    public int Below { get; set; }

    public bool Direct { get; set; }

    public string? Name { get; set; }

    public QosSpec Qos { get; set; } = QosSpec.Raw;

    public TimeSpan Mpl { get; set; }

    /// <summary>Trust domain of the owner.</summary>
    public uint Uid { get; set; }

    /// <summary>What the owner waits for; answered at the latest when the flow's actor ends, null once it has the flow.</summary>
    public FlowRequest? Own { get; set; }

    /// <summary>First message of the flow's actor, until it has started.</summary>
    public object? Start { get; set; }

    /// <summary>
    /// What was last delivered to the flow: an <see cref="AllocateRequest"/> of another application or a
    /// <see cref="FlowProtocol.LayerRequest"/>; else null.
    /// </summary>
    public object? Delivered { get; set; }

    /// <summary>Whether the flow's actor has begun with <see cref="Delivered"/>; until then it can be given to another flow.</summary>
    public bool Taken
    {
        get => _taken;
        set => _taken = value;
    }

    /// <summary>Where a pending accept stands in line, one place for each name of its process.</summary>
    public List<(NameEntry Name, LinkedListNode<FlowEntry> Node)>? InLine { get; set; }

    public FlowInfo ToInfo() => new(Id, State, ProcessId, Below, Direct, Name, Qos, Mpl);
}
