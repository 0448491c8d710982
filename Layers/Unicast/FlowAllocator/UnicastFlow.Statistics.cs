namespace Ouroboros.Layers.Unicast;

/// <content>What is counted.</content>
public sealed partial class UnicastFlow
{
    /// <summary>A snapshot of what is counted and where congestion avoidance is.</summary>
    public UnicastFlowStatistics GetStatistics()
    {
        var remote = _remote;
        return new UnicastFlowStatistics(EstablishedAt, remote?.Address ?? 0, Eid, remote?.Eid ?? 0)
        {
            FlowId = FlowId,
            Cube = Cube,
            State = State,
            PeerIsOurs = PeerIsOurs,
            Sent = Volatile.Read(ref _sent),
            SentBytes = Volatile.Read(ref _sentBytes),
            SendFailed = Volatile.Read(ref _sendFailed),
            SendFailedBytes = Volatile.Read(ref _sendFailedBytes),
            Received = Volatile.Read(ref _received),
            ReceivedBytes = Volatile.Read(ref _receivedBytes),
            ReceiveFailed = Volatile.Read(ref _receiveFailed),
            ReceiveFailedBytes = Volatile.Read(ref _receiveFailedBytes),
            UpdatesSent = Volatile.Read(ref _updatesSent),
            UpdatesReceived = Volatile.Read(ref _updatesReceived),
            CongestionSender = _congestion?.Sender,
            CongestionReceiver = _congestion?.Receiver,
        };
    }
}
