using System.Buffers.Binary;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>One direction of a conversation: numbered messages of random lengths, and the check that they arrive once, whole and in order.</summary>
internal sealed class Conversation(FlowEndpoint from, FlowEndpoint to, int messages, int maxLength, int seed)
{
    private readonly Random _lengths = new(seed);
    private byte[]? _next;
    private int _written;

    public int Received { get; private set; }

    public bool IsComplete => Received == messages;

    /// <summary>Messages that an unreliable flow skipped.</summary>
    public int Skipped { get; private set; }

    /// <summary>Writes as much as the flow takes.</summary>
    /// <returns>Whether anything was written.</returns>
    public bool Write()
    {
        var any = false;
        while (_written < messages)
        {
            _next ??= Make(_written, _lengths.Next(8, maxLength + 1));
            if (from.TryWrite(_next) != FlowError.None) break;
            _next = null;
            _written++;
            any = true;
        }
        return any;
    }

    /// <summary>Reads up to some messages.</summary>
    /// <returns>Null, or what was wrong with one.</returns>
    public string? Read(int most, bool mayskip)
    {
        while (most-- > 0 && to.TryRead(out Packet packet) == FlowError.None)
        {
            using (packet)
            {
                var bytes = packet.Span;
                if (bytes.Length < 8) return $"a message of {bytes.Length} bytes";
                var number = BinaryPrimitives.ReadInt32BigEndian(bytes);
                if (number < Received || (number > Received && !mayskip)) return $"message {number} instead of {Received}";
                if (number >= _written) return $"message {number} was never written";
                if (!bytes.SequenceEqual(Make(number, bytes.Length))) return $"message {number} of {bytes.Length} bytes is damaged";
                if (BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) != bytes.Length) return $"message {number} is cut: {bytes.Length} bytes";
                Skipped += number - Received;
                Received = number + 1;
            }
        }
        return null;
    }

    private static byte[] Make(int number, int length)
    {
        var bytes = new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), length);
        for (var i = 8; i < length; i++) bytes[i] = (byte)(number + (i * 7));
        return bytes;
    }
}
