namespace Ouroboros.Tests.Layers;

/// <summary>Changes messages at random: bits, bytes, bytes too many, bytes too few, cut short.</summary>
internal static class MessageMutator
{
    /// <summary>Writes the message with one to four changes.</summary>
    /// <returns>Its length now.</returns>
    public static int Mutate(byte[] original, byte[] buffer, Random random)
    {
        original.CopyTo(buffer, 0);
        var length = original.Length;
        for (var n = random.Next(1, 5); n > 0 && length > 0; n--)
        {
            var at = random.Next(length);
            switch (random.Next(6))
            {
                case 0:
                    buffer[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    buffer[at] = (byte)random.Next(256);
                    break;
                case 2:
                    buffer[at] = random.Next(2) == 0 ? (byte)0xff : (byte)0;
                    break;
                case 3:
                    length = at;
                    break;
                case 4 when length < buffer.Length:
                    buffer.AsSpan(at, length - at).CopyTo(buffer.AsSpan(at + 1));
                    buffer[at] = (byte)random.Next(256);
                    length++;
                    break;
                default:
                    buffer.AsSpan(at + 1, length - at - 1).CopyTo(buffer.AsSpan(at));
                    length--;
                    break;
            }
        }
        return length;
    }
}
