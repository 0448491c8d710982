using System.Buffers.Binary;
using System.IO.Hashing;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Layers.Flow.Frcp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Stages;

/// <summary>The two stages nearest to the layer below, in the order of the notes: cipher, then CRC32 over all of it (frcp.md section 2).</summary>
/// <param name="crc">Whether the flow has a CRC.</param>
/// <param name="cipher">null = not encrypted.</param>
/// <param name="ordered">Whether what is inside begins with an FRCP header.</param>
internal sealed class PacketSeal(bool crc, IPacketCipher? cipher, bool ordered) : IDisposable
{
    /// <summary>Bytes of the CRC, big endian, at the very end.</summary>
    public const int CrcLength = 4;

    private readonly int _header = cipher?.HeaderLength ?? 0;
    private readonly int _tag = cipher?.TrailerLength ?? 0;
    private long _badCrc, _badCipher;

    /// <summary>Bytes that both put around a packet.</summary>
    public int Overhead => HeaderLength + TrailerLength;

    /// <summary>Whether neither is there.</summary>
    public bool IsEmpty => !crc && cipher is null;

    /// <summary>The peer puts a CRC on every packet, so one without is damaged.</summary>
    public bool RequireCrc { get; set; }

    /// <summary>Packets dropped because of their CRC.</summary>
    public long BadCrc => Volatile.Read(ref _badCrc);

    /// <summary>Packets dropped because they could not be decrypted.</summary>
    public long BadCipher => Volatile.Read(ref _badCipher);

    /// <summary>Forgets the keys.</summary>
    public void Dispose() => cipher?.Dispose();

    /// <summary>Bytes in front of a packet.</summary>
    public int HeaderLength => _header;

    /// <summary>Bytes behind a packet.</summary>
    public int TrailerLength => _tag + (crc ? CrcLength : 0);

    /// <summary>Adds both to a packet. False: it cannot be sent, and is as it was.</summary>
    public bool TrySeal(Packet packet)
    {
        var (header, trailer) = (HeaderLength, TrailerLength);
        if (!packet.TryPushEnvelope(header, trailer, out var bytes)) return false;
        var inner = crc ? bytes[..^CrcLength] : bytes;
        if (cipher is not null && !cipher.TrySeal(inner))
        {
            packet.PopEnvelope(header, trailer);
            return false;
        }
        if (crc) BinaryPrimitives.WriteUInt32BigEndian(bytes[^CrcLength..], Crc32.HashToUInt32(inner));
        return true;
    }

    /// <summary>Takes both off a packet that was sealed and not sent. False: nobody can read it any more.</summary>
    public bool TryUnseal(Packet packet)
    {
        var bytes = packet.Span;
        if (cipher is not null && !cipher.TryUnseal(crc ? bytes[..^CrcLength] : bytes)) return false;
        packet.PopEnvelope(HeaderLength, TrailerLength);
        return true;
    }

    /// <summary>Checks and removes both. False: the packet is to be dropped; it has been counted.</summary>
    public bool TryOpen(Packet packet)
    {
        var bare = false;
        if (crc && !CheckCrc(packet, out bare))
        {
            Interlocked.Increment(ref _badCrc);
            return false;
        }
        if (cipher is not null)
        {
            // Nothing inside the envelope is no packet that any peer makes.
            var bytes = packet.Span;
            if (bytes.Length <= _header + _tag || !cipher.TryOpen(bytes))
            {
                Interlocked.Increment(ref _badCipher);
                return false;
            }
            packet.PopEnvelope(_header, _tag);
        }
        if (!bare || !IsData(packet.Span)) return true;
        Interlocked.Increment(ref _badCrc);
        return false;
    }

    private static bool IsData(ReadOnlySpan<byte> packet) => packet.IsEmpty || ((FrcpFlags)packet[0] & FrcpFlags.Data) != 0;

    private bool CheckCrc(Packet packet, out bool bare)
    {
        // A reference peer puts no CRC on control packets (R9); these have one length, and data is always longer.
        bare = ordered && !RequireCrc && packet.Length == FrcpHeader.Length + _header + _tag;
        if (bare) return true;
        if (!packet.TryPopTrailer(CrcLength, out var trailer)) return false;
        return BinaryPrimitives.ReadUInt32BigEndian(trailer) == Crc32.HashToUInt32(packet.Span);
    }
}
