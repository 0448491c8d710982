using Ouroboros.Crypto.Randomness;

namespace Ouroboros.Crypto.Cipher;

/// <summary>Random IVs, drawn for many packets at a time: a draw for each one would cost as much as its encryption. One thread at a time.</summary>
internal sealed class IvSource(IRandomSource random, int length)
{
    private const int Batch = 128;

    // Public as soon as they are sent; nothing is secret about them before.
    private readonly byte[] _stock = new byte[Batch * length];
    private int _next = Batch * length;

    /// <summary>Writes a fresh IV whose first bit is the key phase.</summary>
    public void Next(Span<byte> iv, int phase)
    {
        if (_next == _stock.Length)
        {
            random.Fill(_stock);
            _next = 0;
        }
        _stock.AsSpan(_next, length).CopyTo(iv);
        _next += length;
        iv[0] = (byte)((iv[0] & 0x7f) | (phase << 7));
    }
}
