using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment.Wire;

/// <summary>
/// Parameters of the DHT (<c>dir_dht_config_msg</c>): <c>1 alpha, 2 k, 3 t_expire, 4 t_refresh, 5 t_replicate, 6 peer</c>, all required; times in seconds. The
/// peer is the address of the member that answers (layer-management.md 4.5).
/// </summary>
public sealed record DhtParametersMessage(uint Alpha, uint K, uint Expire, uint Refresh, uint Replicate, ulong Peer)
{
    /// <summary>Reads a message; false when it is malformed or a field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out DhtParametersMessage? message)
    {
        message = null;
        if (!ProtoFields.TryRead(data, out var fields) || !fields.HaveNumbers(1, 6)) return false;
        message = new DhtParametersMessage(
            fields.Number32(1), fields.Number32(2), fields.Number32(3), fields.Number32(4), fields.Number32(5), fields.Number(6));
        return true;
    }

    internal void Write(ref ProtoWriter writer)
    {
        writer.WriteNumber(1, Alpha);
        writer.WriteNumber(2, K);
        writer.WriteNumber(3, Expire);
        writer.WriteNumber(4, Refresh);
        writer.WriteNumber(5, Replicate);
        writer.WriteNumber(6, Peer);
    }
}
