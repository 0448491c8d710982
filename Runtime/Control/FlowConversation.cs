using System.Net.Sockets;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// The packets and events of a flow whose application is another process, copied between its connection and the flow. It owns the flow:
/// the connection's end deallocates it, once what was received has been written. A side that does not take packets holds the other up.
/// </summary>
internal sealed class FlowConversation(AttachedApplication owner, Flow flow) : IConversation
{
    private static readonly (FlowEventType Event, byte[] Record)[] Events =
    [
        (FlowEventType.Down, [FlowRecord.Down]),
        (FlowEventType.Up, [FlowRecord.Up]),
        (FlowEventType.Dealloc, [FlowRecord.Released]),
        (FlowEventType.Peer, [FlowRecord.PeerDead]),
    ];

    public Task RunAsync(ControlSession session, CancellationToken stopping) =>
        owner.CarryAsync(this, end => CarryAsync(session.Socket, end), stopping);

    public ValueTask DisposeAsync() => flow.DisposeAsync();

    private async Task CarryAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var toSocket = UntilEndAsync(ToSocketAsync(socket, end.Token));
        // The application's packets have to get through before its flow goes; the other way nobody listens any more by then.
        await UntilEndAsync(ToFlowAsync(socket, end.Token)).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await toSocket.ConfigureAwait(false);
    }

    private static async Task UntilEndAsync(Task direction)
    {
        try
        {
            await direction.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or FlowException)
        {
            // The client, the flow or the daemon goes; nothing is left to be done.
        }
    }

    private async Task ToFlowAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var reader = new FlowRecordReader(socket, flow.MaxPacketSize);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.Kind == FlowRecord.Packet) await WriteAsync(reader.Content, cancellationToken).ConfigureAwait(false);
            else if (reader.Kind == FlowRecord.State && reader.Content.Length > 0) SetState(reader.Content.Span[0]);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            await flow.WriteAsync(payload, cancellationToken).ConfigureAwait(false);
        }
        catch (FlowException)
        {
            // The flow is down or the packet too large for it: dropped as on a link; the application learns of it as an event.
        }
    }

    private void SetState(byte bits)
    {
        var flags = FlowFlags.Default & ~FlowFlags.AccessMode;
        flags |= (bits & FlowRecord.WritableBit) != 0 ? FlowFlags.ReadWrite : FlowFlags.WriteOnly;
        if ((bits & FlowRecord.UpBit) == 0) flags |= FlowFlags.Down;
        flow.Flags = flags;
    }

    private async Task ToSocketAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var set = owner.Application.CreateFlowSet();
        set.Add(flow);
        var events = new FlowEvent[1];
        while (true)
        {
            await set.WaitAsync(events, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
            // First the packets: they came before whatever happened to the flow.
            while (flow.TryRead(out Packet packet) == FlowError.None) await FlowRecords.SendAsync(socket, packet, cancellationToken).ConfigureAwait(false);
            foreach (var (type, record) in Events)
            {
                if (events[0].Has(type)) await FlowRecords.SendAsync(socket, record, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
