using System.Security.Cryptography;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Cipher;

/// <summary>
/// The keys around one epoch: the one before, the current one and two after, each derived from the one before it when it is first wanted
/// (oap-and-crypto.md section 6.2). A key that is no longer in this window is wiped. One thread at a time.
/// </summary>
internal sealed class KeyChain : IDisposable
{
    /// <summary>How many epochs ahead of the current one a key is to be had.</summary>
    public const int Ahead = 2;

    /// <summary>How many epochs beyond <see cref="Ahead"/> the search for a lost peer goes.</summary>
    public const int Reach = 64;

    private const int KeyLength = 32;
    private const int Slots = 4;

    // [4 keys, epoch modulo 4 | salt | the key that a search has come to]
    private readonly SecretBuffer _keys;
    private int _oldest;
    private int _newest;
    private int _sought;

    /// <summary>Starts with the session key as epoch 0.</summary>
    public KeyChain(ReadOnlySpan<byte> sessionKey)
    {
        if (sessionKey.Length != KeyLength) throw new ArgumentException("a session key has 32 bytes", nameof(sessionKey));
        _keys = new SecretBuffer((Slots + 2) * KeyLength);
        sessionKey.CopyTo(_keys.Span);
        SHA256.HashData(sessionKey, Salt);
    }

    /// <summary>The current epoch.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether the key before the current one is still there.</summary>
    public bool HasPrevious => _oldest < Epoch;

    private Span<byte> Salt => _keys.Span.Slice(Slots * KeyLength, KeyLength);

    private Span<byte> Sought => _keys.Span[((Slots + 1) * KeyLength)..];

    /// <summary>The key of an epoch between the one before the current and two after it.</summary>
    public ReadOnlySpan<byte> Key(int epoch)
    {
        if (epoch < _oldest || epoch > Epoch + Ahead) throw new ArgumentOutOfRangeException(nameof(epoch), epoch, "outside the window");
        while (_newest < epoch)
        {
            Next(Slot(_newest), Slot(_newest + 1));
            _newest++;
        }
        return Slot(epoch);
    }

    /// <summary>Makes another epoch the current one, at most <see cref="Ahead"/> further; keeps the key before it.</summary>
    public void MoveTo(int epoch)
    {
        _ = Key(epoch);
        Epoch = epoch;
        while (_oldest < epoch - 1) Slot(_oldest++).Clear();
    }

    /// <summary>
    /// The next key of a search through the <see cref="Reach"/> epochs behind the last that <see cref="Key"/> gives: one derivation. Behind the last of them it starts again.
    /// </summary>
    /// <param name="epoch">Its epoch.</param>
    public ReadOnlySpan<byte> Seek(out int epoch)
    {
        var first = Epoch + Ahead;
        if (_sought < first || _sought >= first + Reach)
        {
            Key(first).CopyTo(Sought);
            _sought = first;
        }
        Next(Sought, Sought);
        epoch = ++_sought;
        return Sought;
    }

    /// <summary>Makes the epoch that <see cref="Seek"/> has come to the current one; no key before it is kept.</summary>
    public void MoveToSought()
    {
        _keys.Span[..(Slots * KeyLength)].Clear();
        Epoch = _oldest = _newest = _sought;
        Sought.CopyTo(Slot(Epoch));
        EndSearch();
    }

    /// <summary>Wipes the key that a search has come to.</summary>
    public void EndSearch()
    {
        Sought.Clear();
        _sought = 0;
    }

    /// <summary>Wipes the key before the current one.</summary>
    public void ForgetPrevious()
    {
        while (_oldest < Epoch) Slot(_oldest++).Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private void Next(ReadOnlySpan<byte> key, Span<byte> next) => Hkdf.Derive(DigestAlgorithm.Sha256, key, Salt, "o7s-key-rotation"u8, next);

    private Span<byte> Slot(int epoch) => _keys.Span.Slice(epoch % Slots * KeyLength, KeyLength);
}
