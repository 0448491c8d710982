using System.Buffers.Binary;
using Ouroboros.Layers.Flow.Frcp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>
/// Puts messages together that came in parts, in order: first [total length 4 | bytes], more, last. Holds at most one message, in one block
/// of the pool, however large the peer says that it will be.
/// </summary>
internal struct Reassembler(PacketPool pool, int maxMessage)
{
    /// <summary>Bytes before those of the first part.</summary>
    public const int Prefix = 4;

    private Packet _message;
    private int _filled;

    /// <summary>A message has begun and is not complete.</summary>
    public readonly bool IsOpen => !_message.IsNull;

    /// <summary>Takes a part.</summary>
    /// <param name="part">The payload; stays with the caller.</param>
    /// <param name="position">First, more or last.</param>
    /// <param name="message">The whole message after the last part, still owned by this until <see cref="Complete"/>.</param>
    public PartResult Add(ReadOnlySpan<byte> part, FrcpFlags position, out Packet message)
    {
        message = default;
        if (position == FrcpFlags.Fragment)
        {
            Drop();
            if (part.Length <= Prefix) return PartResult.Bad;
            var total = BinaryPrimitives.ReadUInt32BigEndian(part);
            part = part[Prefix..];
            if (total > maxMessage || total <= part.Length) return PartResult.Bad;
            if (!pool.TryRent((int)total, out _message)) return PartResult.NoMemory;
            part.CopyTo(_message.Span);
            _filled = part.Length;
            return PartResult.Taken;
        }
        if (!IsOpen) return PartResult.Bad;
        var left = _message.Length - _filled;
        var last = position == FrcpFlags.FirstFragment;
        if (last ? part.Length != left : part.Length >= left || part.IsEmpty)
        {
            Drop();
            return PartResult.Bad;
        }
        part.CopyTo(_message.Span[_filled..]);
        if (last)
        {
            message = _message;
            return PartResult.Whole;
        }
        _filled += part.Length;
        return PartResult.Taken;
    }

    /// <summary>The message has found a new owner.</summary>
    public void Complete() => _message = default;

    /// <summary>Forgets what has been put together.</summary>
    public void Drop()
    {
        _message.Dispose();
        _message = default;
    }
}

/// <summary>What became of a part.</summary>
internal enum PartResult
{
    /// <summary>It is in its place.</summary>
    Taken,

    /// <summary>It completes its message.</summary>
    Whole,

    /// <summary>It belongs to nothing, or does not have the length it should have.</summary>
    Bad,

    /// <summary>There is no memory for its message now.</summary>
    NoMemory,
}
