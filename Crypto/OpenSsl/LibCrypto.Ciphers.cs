using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <content>
/// Ciphers and key derivation. Raw pointers, for their owner holds them for the length of a call already; the calls that take well under a
/// microsecond leave out the transition of the garbage collector.
/// </content>
internal static partial class LibCrypto
{
    /// <summary>EVP_CTRL_AEAD_GET_TAG.</summary>
    public const int GetTag = 0x10;

    /// <summary>EVP_CTRL_AEAD_SET_TAG.</summary>
    public const int SetTag = 0x11;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_CIPHER_fetch(nint context, string algorithm, string? properties);

    [LibraryImport(Library)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_CipherInit_ex2(nint context, nint cipher, byte* key, byte* iv, int encrypt, nint parameters);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "EVP_CipherInit_ex2")]
    public static unsafe partial int SetIv(nint context, nint cipher, byte* key, byte* iv, int encrypt, nint parameters);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_CipherUpdate(nint context, byte* output, int* written, byte* input, int length);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "EVP_CipherUpdate")]
    public static unsafe partial int UpdateShort(nint context, byte* output, int* written, byte* input, int length);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static unsafe partial int EVP_CipherFinal_ex(nint context, byte* output, int* written);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static unsafe partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, byte* pointer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_KDF_fetch(nint context, string algorithm, string? properties);

    [LibraryImport(Library)]
    public static partial nint EVP_KDF_CTX_new(nint kdf);

    [LibraryImport(Library)]
    public static partial void EVP_KDF_CTX_free(nint context);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_KDF_derive(nint context, byte* key, nuint length, OsslParam* parameters);
}
