using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment.Wire;

/// <summary>First message of an enrolment, enrolee to member: <c>1 id</c>, required, 8 bytes.</summary>
public readonly ref struct EnrolmentRequest
{
    /// <summary>Bytes of the id that names an enrolment in both logs (reference: ENROLL_ID_LEN).</summary>
    public const int IdLength = 8;

    /// <summary>The id: exactly <see cref="IdLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Id { get; private init; }

    /// <summary>Reads a message; false when it is malformed or the id is missing or of another length.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out EnrolmentRequest message)
    {
        message = default;
        if (data.Length > EnrolmentResponse.MaxLength || !ProtoFields.TryRead(data, out var fields)) return false;
        if (!fields.HavePart(1) || fields.Part(1).Length != IdLength) return false;
        message = new EnrolmentRequest { Id = fields.Part(1) };
        return true;
    }

    /// <summary>The message.</summary>
    /// <param name="id"><see cref="IdLength"/> bytes.</param>
    public static byte[] Write(ReadOnlySpan<byte> id)
    {
        var message = new byte[ProtoWriter.SizeOfBytes(id.Length)];
        var writer = new ProtoWriter(message);
        writer.WriteBytes(1, id);
        return message;
    }
}
