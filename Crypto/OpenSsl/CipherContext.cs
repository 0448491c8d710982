using System.Runtime.InteropServices;
using Ouroboros.Crypto.Algorithms;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>
/// One cipher in one direction with one key at a time. Encrypts and decrypts in place, allocates nothing. One thread at a time; who owns it
/// sees to that, and that it is not disposed meanwhile.
/// </summary>
internal sealed unsafe class CipherContext : SafeHandle
{
    // An Update longer than this leaves the garbage collector free to run meanwhile: above a microsecond.
    private const int ShortUpdate = 2048;

    private static readonly Dictionary<CipherAlgorithm, nint> Ciphers = OpenSslLibrary.Version is null
        ? []
        : CipherAlgorithms.All.ToDictionary(a => a, a => LibCrypto.EVP_CIPHER_fetch(0, a.OpenSslName(), null));

    private readonly int _tagLength;
    private readonly int _encrypt;
    private readonly CipherAlgorithm _algorithm;

    /// <summary>Makes a context without a key.</summary>
    /// <exception cref="OpenSslException">This system's OpenSSL lacks the cipher.</exception>
    public CipherContext(CipherAlgorithm algorithm, bool encrypt)
        : base(0, ownsHandle: true)
    {
        _algorithm = algorithm;
        _encrypt = encrypt ? 1 : 0;
        _tagLength = algorithm.TagLength();
        if (!Ciphers.TryGetValue(algorithm, out var cipher) || cipher == 0)
        {
            throw new OpenSslException($"{algorithm.Name()}: not offered by this system's OpenSSL; choose another cipher");
        }
        SetHandle(LibCrypto.EVP_CIPHER_CTX_new());
        if (handle == 0 || LibCrypto.EVP_CipherInit_ex2(handle, cipher, null, null, _encrypt, 0) != 1)
        {
            throw OpenSslException.Take(algorithm.Name(), "EVP_CipherInit");
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Uses another key from now on.</summary>
    /// <param name="key">At least as many bytes as the cipher uses; what is more is left out.</param>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        if (key.Length < _algorithm.KeyLength()) throw new ArgumentException("the key is too short", nameof(key));
        fixed (byte* k = key)
        {
            if (LibCrypto.EVP_CipherInit_ex2(handle, 0, k, null, _encrypt, 0) != 1) throw OpenSslException.Take(_algorithm.Name(), "EVP_CipherInit");
        }
    }

    /// <summary>Encrypts in place and writes the tag.</summary>
    public bool Encrypt(byte* iv, byte* data, int length, byte* tag)
    {
        int written;
        if (LibCrypto.SetIv(handle, 0, null, iv, 1, 0) != 1) return Failed();
        if (length != 0 && !Update(data, length)) return Failed();
        if (_tagLength == 0) return true;
        if (LibCrypto.EVP_CipherFinal_ex(handle, tag, &written) != 1) return Failed();
        return LibCrypto.EVP_CIPHER_CTX_ctrl(handle, LibCrypto.GetTag, _tagLength, tag) == 1 || Failed();
    }

    /// <summary>
    /// Decrypts in place and checks the tag. If it is wrong the data are as they came: these ciphers are key streams, decrypting twice
    /// with the same IV gives back what was there.
    /// </summary>
    public bool Decrypt(byte* iv, byte* data, int length, byte* tag)
    {
        int written;
        if (LibCrypto.SetIv(handle, 0, null, iv, 0, 0) != 1) return Failed();
        if (_tagLength != 0 && LibCrypto.EVP_CIPHER_CTX_ctrl(handle, LibCrypto.SetTag, _tagLength, tag) != 1) return Failed();
        if (length != 0 && !Update(data, length)) return Failed();
        if (_tagLength == 0) return true;
        byte nothing;
        if (LibCrypto.EVP_CipherFinal_ex(handle, &nothing, &written) == 1) return true;
        if (length != 0 && LibCrypto.SetIv(handle, 0, null, iv, 0, 0) == 1) Update(data, length);
        return Failed();
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }

    private bool Update(byte* data, int length)
    {
        int written;
        return (length <= ShortUpdate
            ? LibCrypto.UpdateShort(handle, data, &written, data, length)
            : LibCrypto.EVP_CipherUpdate(handle, data, &written, data, length)) == 1;
    }

    private static bool Failed()
    {
        LibCrypto.ERR_clear_error();
        return false;
    }
}
