using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment.Wire;

/// <summary>
/// Second message of an enrolment, member to enrolee: <c>1 id, 2 t_sec, 3 t_nsec, 4 response, 5 conf</c>, all required but the last, which is there unless
/// the enrolment was denied.
/// </summary>
public readonly ref struct EnrolmentResponse
{
    /// <summary>The longest message of an enrolment, bytes (reference: ENROLL_BUF_LEN).</summary>
    public const int MaxLength = 1024;

    /// <summary>The id of the request; of any length as received.</summary>
    public ReadOnlySpan<byte> Id { get; private init; }

    /// <summary>The member's wall clock, seconds since 1970.</summary>
    public long Seconds { get; private init; }

    /// <summary>And nanoseconds.</summary>
    public int Nanoseconds { get; private init; }

    /// <summary>0 accepted; negative: denied.</summary>
    public int Response { get; private init; }

    /// <summary>Whether there is a configuration.</summary>
    public bool HasConfig { get; private init; }

    /// <summary>The layer's configuration, undecoded: <see cref="ConfigMessage"/>.</summary>
    public ReadOnlySpan<byte> Config { get; private init; }

    /// <summary>Reads a message; false when it is malformed, too long, or a required field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out EnrolmentResponse message)
    {
        message = default;
        if (data.Length > MaxLength || !ProtoFields.TryRead(data, out var fields)) return false;
        if (!fields.HavePart(1) || !fields.HaveNumbers(2, 4) || fields.HaveNumber(5)) return false;
        message = new EnrolmentResponse
        {
            Id = fields.Part(1),
            Seconds = (long)fields.Number(2),
            Nanoseconds = (int)fields.Number32(3),
            Response = (int)fields.Number32(4),
            HasConfig = fields.HavePart(5),
            Config = fields.Part(5),
        };
        return true;
    }

    /// <summary>The message.</summary>
    /// <param name="id">The id of the request.</param>
    /// <param name="clock">The member's wall clock.</param>
    /// <param name="response">0, or negative.</param>
    /// <param name="config">null when denied.</param>
    public static byte[] Write(ReadOnlySpan<byte> id, DateTimeOffset clock, int response, ConfigMessage? config)
    {
        var nanoseconds = (int)(clock.UtcTicks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
        return Write(id, clock.ToUnixTimeSeconds(), nanoseconds, response, config);
    }

    internal static byte[] Write(ReadOnlySpan<byte> id, long seconds, int nanoseconds, int response, ConfigMessage? config)
    {
        var inner = config?.ToBytes();
        var message = new byte[ProtoWriter.SizeOfBytes(id.Length) + ProtoWriter.SizeOfNumber((ulong)seconds) + ProtoWriter.SizeOfNumber((ulong)(long)nanoseconds)
            + ProtoWriter.SizeOfNumber((ulong)(long)response) + (inner is null ? 0 : ProtoWriter.SizeOfBytes(inner.Length))];
        var writer = new ProtoWriter(message);
        writer.WriteBytes(1, id);
        writer.WriteNumber(2, (ulong)seconds);
        // Negative numbers of 32 bits are sent as those of 64 that they are.
        writer.WriteNumber(3, (ulong)(long)nanoseconds);
        writer.WriteNumber(4, (ulong)(long)response);
        if (inner is not null) writer.WriteBytes(5, inner);
        return message;
    }
}
