namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>What a socket has done, counted; each counter has one writer.</summary>
public sealed class UdpSocketCounters
{
    private long _received, _receiveCalls, _joined, _noMemory, _sent, _sendCalls, _cut, _sendFailed;

    /// <summary>Datagrams received.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Calls that received them.</summary>
    public long ReceiveCalls => Volatile.Read(ref _receiveCalls);

    /// <summary>Datagrams that the kernel gave joined to others (GRO).</summary>
    public long Joined => Volatile.Read(ref _joined);

    /// <summary>Datagrams dropped on receive for want of packet memory.</summary>
    public long NoMemory => Volatile.Read(ref _noMemory);

    /// <summary>Datagrams sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Calls that sent them.</summary>
    public long SendCalls => Volatile.Read(ref _sendCalls);

    /// <summary>Datagrams that the kernel was given joined, to cut them (GSO).</summary>
    public long Cut => Volatile.Read(ref _cut);

    /// <summary>Datagrams that the system refused to send; they are dropped.</summary>
    public long SendFailed => Volatile.Read(ref _sendFailed);

    internal void OnReceived(int datagrams, int joined)
    {
        Volatile.Write(ref _received, _received + datagrams);
        Volatile.Write(ref _receiveCalls, _receiveCalls + 1);
        Volatile.Write(ref _joined, _joined + joined);
    }

    internal void OnNoMemory(int datagrams) => Volatile.Write(ref _noMemory, _noMemory + datagrams);

    internal void OnSent(int datagrams, int cut)
    {
        Volatile.Write(ref _sent, _sent + datagrams);
        Volatile.Write(ref _sendCalls, _sendCalls + 1);
        Volatile.Write(ref _cut, _cut + cut);
    }

    internal void OnSendFailed() => Volatile.Write(ref _sendFailed, _sendFailed + 1);
}
