using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment.Wire;

/// <summary>Last message of an enrolment, enrolee to member: <c>1 id, 2 result</c>, both required.</summary>
public readonly ref struct EnrolmentAck
{
    /// <summary>The id; of any length, the reference does not look.</summary>
    public ReadOnlySpan<byte> Id { get; private init; }

    /// <summary>0: the enrolee is a member now; else it could not become one.</summary>
    public int Result { get; private init; }

    /// <summary>Reads a message; false when it is malformed or a field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out EnrolmentAck message)
    {
        message = default;
        if (data.Length > EnrolmentResponse.MaxLength || !ProtoFields.TryRead(data, out var fields)) return false;
        if (!fields.HavePart(1) || !fields.HaveNumber(2)) return false;
        message = new EnrolmentAck { Id = fields.Part(1), Result = (int)fields.Number32(2) };
        return true;
    }

    /// <summary>The message.</summary>
    public static byte[] Write(ReadOnlySpan<byte> id, int result)
    {
        var message = new byte[ProtoWriter.SizeOfBytes(id.Length) + ProtoWriter.SizeOfNumber((ulong)(long)result)];
        var writer = new ProtoWriter(message);
        writer.WriteBytes(1, id);
        writer.WriteNumber(2, (ulong)(long)result);
        return message;
    }
}
