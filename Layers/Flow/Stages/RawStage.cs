using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Stages;

/// <summary>
/// A raw flow that needs more than handing packets over: a peer time-out, a CRC or a cipher. Packets run through in the caller's thread; the
/// time is read only by the timer, which asks whether anything moved since it last looked.
/// </summary>
internal sealed class RawStage : FlowStage
{
    private readonly PacketSeal _seal;
    private readonly PacketRing _receive;
    private bool _hasSent;
    private bool _hasReceived;

    public RawStage(FlowEndpoint endpoint, FlowStageSettings settings, PacketSeal seal)
        : base(endpoint, settings)
    {
        _seal = seal;
        _receive = endpoint.Ring;
    }

    /// <summary>Whether it does nothing but watch the peer.</summary>
    public bool IsBare => _seal.IsEmpty;

    public override int SendQueueLength => Endpoint.Lower?.QueueLength ?? 0;

    public override int MaxMessage(IPacketSink lower) => lower.MaxPacketSize - _seal.Overhead;

    public override int PathMessage(IPacketSink lower) => lower.PathPacketSize - _seal.Overhead;

    public override FlowError Write(Packet message)
    {
        var lower = Endpoint.Lower!;
        var error = _seal.IsEmpty || message.Length == 0 ? lower.Send(message) : SendSealed(message, lower);
        if (error == FlowError.None) NoteSent();
        return error;
    }

    public override ValueTask<FlowError> WaitWritableAsync(int length, TimeSpan timeout, CancellationToken cancellationToken) =>
        Endpoint.Lower!.WaitWritableAsync(timeout, cancellationToken);

    public override FlowError Deliver(Packet packet)
    {
        if (packet.Length == 0)
        {
            NoteAlive();
            packet.Dispose();
            return FlowError.None;
        }
        _hasReceived = true;
        Touch();
        if (!_seal.IsEmpty)
        {
            // Before it is touched: a packet that is refused stays whole, for another try.
            if (_receive.Count >= _receive.Capacity) return FlowError.TryAgain;
            if (!_seal.TryOpen(packet))
            {
                packet.Dispose();
                return FlowError.None;
            }
            var error = Endpoint.HandUp(packet);
            if (error == FlowError.TryAgain) packet.Dispose();
            return error == FlowError.TryAgain ? FlowError.None : error;
        }
        return Endpoint.HandUp(packet);
    }

    public override ValueTask<FlowError> WaitForRoomAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _receive.WaitWritableAsync(timeout, cancellationToken);

    public override void OnStateChanged()
    {
        // Writers sleep in the layer below, which the endpoint wakes itself.
    }

    public override bool Close(bool now)
    {
        Stop();
        _seal.Dispose();
        return true;
    }

    private void NoteSent()
    {
        _hasSent = true;
        Touch();
    }

    private FlowError SendSealed(Packet message, IPacketSink lower)
    {
        // Whoever else holds it would see it change.
        if (message.References != 1 || !_seal.TrySeal(message)) return SendSealedCopy(message, lower);
        var error = lower.Send(message);
        // Refused, the user's packet must be as it was. If it cannot be made so, it is lost, as on a link.
        if (error == FlowError.None || _seal.TryUnseal(message)) return error;
        message.Dispose();
        return FlowError.None;
    }

    private FlowError SendSealedCopy(Packet message, IPacketSink lower)
    {
        if (!message.TryCopy(out var copy)) return FlowError.TryAgain;
        var error = _seal.TrySeal(copy) ? lower.Send(copy) : FlowError.CryptoFailed;
        if (error == FlowError.None) message.Dispose();
        else copy.Dispose();
        return error;
    }

    /// <inheritdoc/>
    public override void Note(ref Keepalive record, long now)
    {
        if (_hasSent)
        {
            _hasSent = false;
            record.LastSent = now;
        }
        if (_hasReceived)
        {
            _hasReceived = false;
            record.LastReceived = now;
        }
    }
}
