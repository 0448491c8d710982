using System.Buffers.Binary;
using System.Security.Cryptography;
using Ouroboros.Crypto.Oap;

namespace Ouroboros.Runtime.Security;

/// <summary>
/// The OAP exchange without authentication and encryption (oap-and-crypto.md sections 2 and 5): 36 bytes out, [id 16 | timestamp 8 | 12 zeros],
/// 84 bytes back, the same and the SHA-384 of the request. A peer that wants more than that is refused.
/// </summary>
public sealed class PlainFlowSecurity : IFlowSecurity
{
    /// <summary>Length of the fixed part of a message, bytes.</summary>
    public const int HeaderLength = 36;

    private const int IdLength = 16;

    private readonly TimeProvider _time;
    private readonly ReplayWindow _seen = new();

    /// <summary>Makes it.</summary>
    /// <param name="time">The clock of timestamps; two hosts may differ by 100 ms one way and 20 s the other.</param>
    public PlainFlowSecurity(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    /// <summary>Both ends are in this process: there is nothing that a plain exchange could find out.</summary>
    public bool CoversDirectFlows => false;

    private long Now => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <inheritdoc/>
    public (ReadOnlyMemory<byte> Request, object? State) Begin(string name)
    {
        var request = new byte[HeaderLength];
        RandomNumberGenerator.Fill(request.AsSpan(0, IdLength));
        BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(IdLength), Now);
        return (request, request);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Serve(string name, ReadOnlyMemory<byte> request)
    {
        var bytes = request.Span;
        if (bytes.Length < HeaderLength) throw Refuse(FlowError.AuthenticationFailed, name, $"a request of {bytes.Length} bytes is no OAP message");
        var (certificate, exchange, data) = Lengths(bytes);
        if (bytes.Length < HeaderLength + certificate + exchange + data || (certificate == 0 && bytes.Length != HeaderLength + exchange + data))
        {
            throw Refuse(FlowError.AuthenticationFailed, name, "the OAP message does not have the length that it states");
        }
        if (BinaryPrimitives.ReadUInt16BigEndian(bytes[28..]) != 0)
        {
            throw Refuse(FlowError.AuthenticationFailed, name, "the client uses a digest, this name has no security configured");
        }
        if (!_seen.TryAdd(bytes[..IdLength], BinaryPrimitives.ReadInt64BigEndian(bytes[IdLength..]), Now))
        {
            throw Refuse(FlowError.AuthenticationFailed, name, "the request was seen before, or the clocks of the two hosts differ; set them");
        }
        if (certificate != 0) throw Refuse(FlowError.AuthenticationFailed, name, "the client authenticates itself, this name has no security configured");
        if (exchange != 0) throw Refuse(FlowError.CryptoFailed, name, "the client wants encryption, this name has no security configured");

        var response = new byte[HeaderLength + SHA384.HashSizeInBytes];
        bytes[..IdLength].CopyTo(response);
        BinaryPrimitives.WriteInt64BigEndian(response.AsSpan(IdLength), Now);
        SHA384.HashData(bytes, response.AsSpan(HeaderLength));
        return response;
    }

    /// <inheritdoc/>
    public void Complete(string name, object? state, ReadOnlyMemory<byte> response)
    {
        var request = (byte[])state!;
        var bytes = response.Span;
        if (bytes.Length < HeaderLength + SHA384.HashSizeInBytes) throw Refuse(FlowError.CryptoFailed, name, "the answer is no OAP message");
        var (certificate, exchange, data) = Lengths(bytes);
        if (bytes.Length != HeaderLength + certificate + exchange + data + SHA384.HashSizeInBytes || certificate != 0)
        {
            throw Refuse(FlowError.CryptoFailed, name, certificate != 0
                ? "the server authenticates itself, which cannot be checked: this name has no security configured"
                : "the answer does not have the length that it states");
        }
        // Own key exchange is not configured, so what the server offers is not looked at (section 4.4).
        Span<byte> hash = stackalloc byte[SHA384.HashSizeInBytes];
        SHA384.HashData(request, hash);
        if (!bytes[..IdLength].SequenceEqual(request.AsSpan(0, IdLength)) || !bytes[^SHA384.HashSizeInBytes..].SequenceEqual(hash))
        {
            throw Refuse(FlowError.CryptoFailed, name, "the answer does not belong to our request");
        }
    }

    /// <summary>Lengths of the certificate, the key exchange (its two flag bits left out) and the data.</summary>
    private static (int Certificate, int Exchange, int Data) Lengths(ReadOnlySpan<byte> header) => (
        BinaryPrimitives.ReadUInt16BigEndian(header[30..]),
        BinaryPrimitives.ReadUInt16BigEndian(header[32..]) & 0x3fff,
        BinaryPrimitives.ReadUInt16BigEndian(header[34..]));

    private static FlowException Refuse(FlowError error, string name, string reason) => new(error, $"flow to '{name}' refused: {reason}");
}
