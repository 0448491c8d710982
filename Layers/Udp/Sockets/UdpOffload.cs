namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>How often the kernel joined and cut datagrams for a socket; each counter has one writer at a time.</summary>
public sealed class UdpOffload
{
    private long _receiveCalls, _joined, _sendCalls, _cut;

    /// <summary>Calls that received something.</summary>
    public long ReceiveCalls => Volatile.Read(ref _receiveCalls);

    /// <summary>Datagrams that came joined to others (GRO).</summary>
    public long Joined => Volatile.Read(ref _joined);

    /// <summary>Calls that sent something.</summary>
    public long SendCalls => Volatile.Read(ref _sendCalls);

    /// <summary>Datagrams that were given joined to others, for the kernel to cut (GSO).</summary>
    public long Cut => Volatile.Read(ref _cut);

    internal void NoteReceive(int joined)
    {
        Volatile.Write(ref _receiveCalls, _receiveCalls + 1);
        if (joined > 0) Volatile.Write(ref _joined, _joined + joined);
    }

    internal void NoteSend(int cut)
    {
        Volatile.Write(ref _sendCalls, _sendCalls + 1);
        if (cut > 0) Volatile.Write(ref _cut, _cut + cut);
    }
}
