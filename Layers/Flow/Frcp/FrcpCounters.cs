namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>What a connection counts; written by whoever runs it, read by anybody.</summary>
internal sealed class FrcpCounters
{
    public long DataSent, DataReceived, ControlSent, ControlReceived, Retransmissions, RttProbes, Duplicates, DelayedAcks;
    public long RendezvousSent, RendezvousReceived, OutOfWindow, Gaps, Late, Short, NoRun, BadAck, BadWindow, BadExtension, BadFragment;
    public long Refused, NoMemory, Blocked, Timeouts, FastRetransmits, Probes, Nudges, MessagesLost;
}
