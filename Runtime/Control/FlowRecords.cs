using System.Buffers;
using System.Net.Sockets;
using Ouroboros.Pool;

namespace Ouroboros.Runtime.Control;

/// <summary>Packets to and from the records of a flow's connection; see <see cref="FlowRecord"/>.</summary>
internal static class FlowRecords
{
    /// <summary>Sends a packet and gives it back to its pool.</summary>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public static async ValueTask SendAsync(Socket socket, Packet packet, CancellationToken cancellationToken)
    {
        using (packet)
        {
            if (packet.Length > FlowRecord.MaxPayload || !packet.TryPushHeader(FlowRecord.Header, out var header))
            {
                await SendInPartsAsync(socket, packet.Memory, cancellationToken).ConfigureAwait(false);
                return;
            }
            header[0] = FlowRecord.Packet;
            await SendAsync(socket, packet.Memory, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a record.</summary>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public static ValueTask<int> SendAsync(Socket socket, ReadOnlyMemory<byte> record, CancellationToken cancellationToken) =>
        socket.SendAsync(record, SocketFlags.None, cancellationToken);

    private static async ValueTask SendInPartsAsync(Socket socket, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FlowRecord.Header + FlowRecord.MaxPayload);
        try
        {
            do
            {
                var part = payload[..Math.Min(payload.Length, FlowRecord.MaxPayload)];
                payload = payload[part.Length..];
                buffer[0] = payload.Length > 0 ? FlowRecord.Part : FlowRecord.Packet;
                part.CopyTo(buffer.AsMemory(FlowRecord.Header));
                await SendAsync(socket, buffer.AsMemory(0, FlowRecord.Header + part.Length), cancellationToken).ConfigureAwait(false);
            }
            while (payload.Length > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
