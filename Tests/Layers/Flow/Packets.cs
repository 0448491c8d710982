using Ouroboros.Layers.Flow.Frcp.Wire;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>Packets of a peer, as bytes.</summary>
internal sealed class Packets
{
    public byte[] Ack(uint ack, uint window) => Make(new FrcpHeader(FrcpFlags.Ack | FrcpFlags.FlowControl, window & 0xFFFFFF, 0, ack), []);

    public byte[] Data(uint sequence, bool first = false, params byte[] payload) =>
        Make(new FrcpHeader(FrcpFlags.Data | (first ? FrcpFlags.DataRun : 0), 0, sequence, 0), payload.Length == 0 ? [(byte)sequence] : payload);

    public byte[] Make(FrcpHeader header, byte[] payload)
    {
        var bytes = new byte[FrcpHeader.Length + payload.Length];
        header.Write(bytes);
        payload.CopyTo(bytes, FrcpHeader.Length);
        return bytes;
    }
}
