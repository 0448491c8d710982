using System.Text;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment.Wire;

/// <summary>
/// A layer's configuration as enrolment carries it (<c>ipcp_config_msg</c>): <c>1 layer_info { 1 name, 2 dir_hash_algo }, 2 ipcp_type, 3 unicast</c>. Fields
/// 4 to 6 belong to shims, never to an enrolment; they and unknown ones are passed over. Nothing is judged here but the encoding.
/// </summary>
/// <param name="LayerName">Name of the layer.</param>
/// <param name="HashAlgorithm">Number of the directory's hash.</param>
/// <param name="Type">Number of the kind of IPCP.</param>
/// <param name="Unicast">What only unicast layers have.</param>
public sealed record ConfigMessage(string LayerName, uint HashAlgorithm, uint Type, UnicastMessage? Unicast)
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a message; false when any part of it is malformed, a required field is missing, or the name is none (empty, too long, not UTF-8).</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out ConfigMessage? message)
    {
        message = null;
        if (!ProtoFields.TryRead(data, out var all) || !all.HavePart(1) || !all.HaveNumber(2) || all.HaveNumber(3)) return false;
        if (!ProtoFields.TryRead(all.Part(1), out var layer) || !layer.HavePart(1) || !layer.HaveNumber(2)) return false;
        if (!TryReadName(layer.Part(1), out var name)) return false;
        UnicastMessage? unicast = null;
        if (all.HavePart(3) && !UnicastMessage.TryParse(all.Part(3), out unicast)) return false;
        message = new ConfigMessage(name, layer.Number32(2), all.Number32(2), unicast);
        return true;
    }

    /// <summary>The message.</summary>
    public byte[] ToBytes()
    {
        var name = Encoding.UTF8.GetBytes(LayerName);
        var unicast = Unicast?.ToBytes();
        var layerLength = ProtoWriter.SizeOfBytes(name.Length) + ProtoWriter.SizeOfNumber(HashAlgorithm);
        var message = new byte[ProtoWriter.SizeOfBytes(layerLength) + ProtoWriter.SizeOfNumber(Type) + (unicast is null ? 0 : ProtoWriter.SizeOfBytes(unicast.Length))];
        var writer = new ProtoWriter(message);
        writer.BeginBytes(1, layerLength);
        writer.WriteBytes(1, name);
        writer.WriteNumber(2, HashAlgorithm);
        writer.WriteNumber(2, Type);
        if (unicast is not null) writer.WriteBytes(3, unicast);
        return message;
    }

    private static bool TryReadName(ReadOnlySpan<byte> bytes, out string name)
    {
        name = "";
        if (bytes.Length is 0 or > Ipcp.IpcpActor.MaxNameLength || bytes.Contains((byte)0)) return false;
        try
        {
            name = s_utf8.GetString(bytes);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
