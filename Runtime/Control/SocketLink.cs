using System.Net.Sockets;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// The way down from a flow endpoint to a daemon: the flow's own connection. It owns the connection, a ring of packets to be sent, and the
/// two loops between them. What was written before the flow is closed still goes out.
/// </summary>
internal sealed class SocketLink : IPacketSink
{
    private readonly Socket _socket;
    private readonly FlowEndpoint _endpoint;
    private readonly PacketRing _out;
    private readonly CancellationTokenSource _end = new();
    private int _state = FlowRecord.UpBit | FlowRecord.WritableBit;
    private int _sentState = FlowRecord.UpBit | FlowRecord.WritableBit;
    private volatile bool _ended;

    /// <summary>Takes a connection over on which a flow has been granted, and starts to receive.</summary>
    public SocketLink(Socket socket, FlowEndpoint endpoint, int maxPacketSize, TimeProvider time)
    {
        _socket = socket;
        _endpoint = endpoint;
        _out = new PacketRing(timeProvider: time);
        MaxPacketSize = maxPacketSize;
        endpoint.Attach(this);
        Completion = RunAsync();
    }

    public int MaxPacketSize { get; }

    public int QueueLength => _out.Count;

    /// <summary>Completes when the connection is closed; never fails.</summary>
    public Task Completion { get; }

    public FlowError Send(Packet packet)
    {
        var error = _out.TryWrite(packet);
        // The loop drains the ring after it set the mark; a packet that slipped in behind is taken out here.
        if (error == FlowError.None && _ended) _out.Drain();
        return error;
    }

    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => _out.WaitWritableAsync(timeout, cancellationToken);

    public void WakeWriters() => _out.WakeWriters();

    public void LinkChanged(bool up) => Set(FlowRecord.UpBit, up);

    public void AccessChanged(bool writable) => Set(FlowRecord.WritableBit, writable);

    public void Close() => _out.ChangeState(RingState.FlowDown, RingState.ReadWrite);

    /// <summary>Gives up what has not been sent.</summary>
    public void Abort()
    {
        if (!_ended) _end.Cancel();
    }

    private void Set(byte bit, bool on)
    {
        if (on) Interlocked.Or(ref _state, bit);
        else Interlocked.And(ref _state, (byte)~bit);
        // An empty packet wakes the loop; when there is no room for it the loop is awake.
        if (!_endpoint.Pool.TryRent(0, out var wake)) return;
        if (Send(wake) != FlowError.None) wake.Dispose();
    }

    private async Task RunAsync()
    {
        var receiving = ReceiveAsync();
        var sending = SendAsync();
        // Whichever ends first is the end of the connection: the daemon went away, or all has been sent after the flow was closed.
        await Task.WhenAny(receiving, sending).ConfigureAwait(false);
        _ended = true;
        _out.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        await _end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(receiving, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _out.Drain();
        _socket.Dispose();
        if (!_endpoint.IsClosed) _endpoint.OnLayerFailed();
    }

    private async Task SendAsync()
    {
        while (true)
        {
            var error = _out.TryRead(out var packet);
            if (error == FlowError.None)
            {
                if (packet.Length == 0) packet.Dispose();
                else await FlowRecords.SendAsync(_socket, packet, _end.Token).ConfigureAwait(false);
                await SendStateAsync().ConfigureAwait(false);
            }
            else if (error != FlowError.TryAgain || await _out.WaitReadableAsync(Timeout.InfiniteTimeSpan, _end.Token).ConfigureAwait(false) != FlowError.None)
            {
                return;
            }
        }
    }

    private async ValueTask SendStateAsync()
    {
        var state = Volatile.Read(ref _state);
        if (state == _sentState) return;
        _sentState = state;
        await FlowRecords.SendAsync(_socket, new[] { FlowRecord.State, (byte)state }, _end.Token).ConfigureAwait(false);
    }

    private async Task ReceiveAsync()
    {
        using var reader = new FlowRecordReader(_socket, _endpoint.Pool.MaxLength);
        while (await reader.ReadAsync(_end.Token).ConfigureAwait(false))
        {
            switch (reader.Kind)
            {
                case FlowRecord.Packet:
                    await DeliverAsync(reader.Content).ConfigureAwait(false);
                    break;
                case FlowRecord.Down:
                    _endpoint.OnLinkChanged(false);
                    break;
                case FlowRecord.Up:
                    _endpoint.OnLinkChanged(true);
                    break;
                case FlowRecord.Released:
                    _endpoint.OnPeerClosed();
                    break;
                case FlowRecord.PeerDead:
                    _endpoint.OnPeerDead();
                    break;
            }
        }
    }

    private async ValueTask DeliverAsync(ReadOnlyMemory<byte> payload)
    {
        var packet = await _endpoint.Pool.RentAsync(payload.Length, Timeout.InfiniteTimeSpan, _end.Token).ConfigureAwait(false);
        payload.CopyTo(packet.Memory);
        var error = _endpoint.Deliver(packet);
        try
        {
            while (error == FlowError.TryAgain)
            {
                error = await _endpoint.WaitForRoomAsync(Timeout.InfiniteTimeSpan, _end.Token).ConfigureAwait(false);
                if (error == FlowError.None) error = _endpoint.Deliver(packet);
            }
        }
        finally
        {
            if (error != FlowError.None) packet.Dispose();
        }
    }
}
