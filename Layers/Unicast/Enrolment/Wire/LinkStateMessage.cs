using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment.Wire;

/// <summary>Parameters of link-state routing (<c>ls_config_msg</c>): <c>1 pol, 2 t_recalc, 3 t_update, 4 t_timeo</c>, all required; times in seconds.</summary>
public sealed record LinkStateMessage(uint Policy, uint Recalculate, uint Update, uint Timeout)
{
    /// <summary>Reads a message; false when it is malformed or a field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out LinkStateMessage? message)
    {
        message = null;
        if (!ProtoFields.TryRead(data, out var fields) || !fields.HaveNumbers(1, 4)) return false;
        message = new LinkStateMessage(fields.Number32(1), fields.Number32(2), fields.Number32(3), fields.Number32(4));
        return true;
    }

    internal void Write(ref ProtoWriter writer)
    {
        writer.WriteNumber(1, Policy);
        writer.WriteNumber(2, Recalculate);
        writer.WriteNumber(3, Update);
        writer.WriteNumber(4, Timeout);
    }
}
