namespace Ouroboros.Layers.Unicast;

/// <summary>What of a flow allocator outlives its actor; kept by the IPCP, one for each member.</summary>
public sealed class FlowAllocatorState
{
    /// <summary>Makes it and takes its endpoint id at data transfer, and all packets of flows.</summary>
    public FlowAllocatorState(DataTransfer dataTransfer)
    {
        ArgumentNullException.ThrowIfNull(dataTransfer);
        Inbox = new FlowAllocatorInbox(Flows, Counters, dataTransfer.Time);
        dataTransfer.SetFlows(Flows);
        dataTransfer.Register(FlowAllocatorCore.Eid, Inbox);
    }

    /// <summary>The flows.</summary>
    public UnicastFlowTable Flows { get; } = new();

    /// <summary>What was not used, by reason.</summary>
    public FlowAllocatorCounters Counters { get; } = new();

    /// <summary>Messages that wait for the actor.</summary>
    public FlowAllocatorInbox Inbox { get; }

    /// <summary>Gives back what waits. The member ends.</summary>
    public void Close() => Inbox.Close();
}
